#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <piaa/error.h>
#include <piaa/research/crop_metrics.h>

namespace piaa {
namespace {

double mean_overlap(const Box& chosen, const std::vector<Box>& people) {
    double sum = 0;
    for (const Box& box : people) sum += overlap(chosen, box);
    return sum / static_cast<double>(people.size());
}

double best_overlap(const Box& chosen, const std::vector<Box>& people) {
    double best = 0;
    for (const Box& box : people) best = std::max(best, overlap(chosen, box));
    return best;
}

double displacement(const Box& chosen, const std::vector<Box>& people) {
    double least = std::numeric_limits<double>::infinity();
    for (const Box& box : people)
        least = std::min(least,
                         (std::abs(chosen.x - box.x) + std::abs(chosen.y - box.y) +
                          std::abs(chosen.right() - box.right()) + std::abs(chosen.bottom() - box.bottom())) /
                             4);
    return least;
}

/// The mean of one number per photo, with its interval.
Metric mean_metric(const char* name, const std::vector<double>& values, const BootstrapOptions& options) {
    const auto mean_of = [&values](std::span<const std::size_t> photos) {
        double sum = 0;
        for (const std::size_t photo : photos) sum += values[photo];
        return sum / static_cast<double>(photos.size());
    };
    std::vector<std::size_t> all(values.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (all.empty()) return {name, std::numeric_limits<double>::quiet_NaN(), {}};
    return {name, mean_of(all), bootstrap_interval(values.size(), mean_of, options)};
}

using Measure = double (*)(const Box&, const std::vector<Box>&);

}  // namespace

std::vector<Metric> box_metrics(std::span<const Box> chosen, std::span<const std::vector<Box>> people,
                                std::span<const Box> baseline, const BootstrapOptions& options) {
    const auto empty = [](const std::vector<Box>& boxes) { return boxes.empty(); };
    if (chosen.size() != people.size() || baseline.size() != people.size() ||
        std::any_of(people.begin(), people.end(), empty))
        throw Error(ErrorCode::bad_argument,
                    "every photo needs a chosen box, a baseline and boxes of people");
    const auto measure = [&](std::span<const Box> boxes, Measure of) {
        std::vector<double> values;
        for (std::size_t i = 0; i < boxes.size(); ++i) values.push_back(of(boxes[i], people[i]));
        return values;
    };
    const auto ious = measure(chosen, mean_overlap);
    std::vector<double> gains = measure(baseline, mean_overlap);
    std::transform(ious.begin(), ious.end(), gains.begin(), gains.begin(), std::minus{});
    return {mean_metric("iou", ious, options),
            mean_metric("best_iou", measure(chosen, best_overlap), options),
            mean_metric("bde", measure(chosen, displacement), options), mean_metric("gain", gains, options)};
}

std::vector<Metric> people_metrics(std::span<const std::vector<Box>> people,
                                   const BootstrapOptions& options) {
    std::vector<double> ious;
    std::vector<double> best;
    for (const auto& boxes : people) {
        if (boxes.size() < 2) continue;
        double iou = 0;
        double closest = 0;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            std::vector<Box> others = boxes;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
            iou += mean_overlap(boxes[i], others);
            closest += best_overlap(boxes[i], others);
        }
        ious.push_back(iou / static_cast<double>(boxes.size()));
        best.push_back(closest / static_cast<double>(boxes.size()));
    }
    return {mean_metric("iou", ious, options), mean_metric("best_iou", best, options)};
}

double top_accuracy(std::span<const double> predicted, std::span<const double> given, std::size_t k,
                    std::size_t n) {
    if (predicted.size() != given.size())
        throw Error(ErrorCode::bad_argument, "predicted and given scores differ in number");
    if (given.empty() || k == 0 || n == 0) return std::numeric_limits<double>::quiet_NaN();
    std::vector<double> sorted(given.begin(), given.end());
    std::sort(sorted.begin(), sorted.end(), std::greater{});
    const double bar = sorted[std::min(n, sorted.size()) - 1];
    std::vector<std::size_t> order(predicted.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return predicted[a] > predicted[b]; });
    const std::size_t returned = std::min(k, order.size());
    const auto hits = std::count_if(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(returned),
                                    [&](std::size_t i) { return given[i] >= bar; });
    return static_cast<double>(hits) / static_cast<double>(returned);
}

}  // namespace piaa
