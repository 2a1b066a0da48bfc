#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>

#include <piaa/error.h>
#include <piaa/statistics.h>

namespace piaa {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

void require_same_length(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size())
        throw Error(ErrorCode::bad_argument, "statistic of " + std::to_string(a.size()) + " and " +
                                                 std::to_string(b.size()) +
                                                 " values should be given as many of each");
}

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Indices of the values, highest first.
std::vector<std::size_t> descending_order(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return values[i] > values[j]; });
    return order;
}

double discount(std::size_t place) {
    return 1 / std::log2(static_cast<double>(place) + 2);
}

/// Discounted gain of the first `count` places of an order by `keys`; equal keys share the mean of their
/// gains.
double discounted_gain(std::span<const double> keys, std::span<const double> gains, std::size_t count) {
    const auto order = descending_order(keys);
    double sum = 0;
    for (std::size_t begin = 0; begin < std::min(count, order.size());) {
        std::size_t end = begin;
        double group = 0;
        for (; end < order.size() && keys[order[end]] == keys[order[begin]]; ++end)
            group += gains[order[end]];
        for (std::size_t place = begin; place < std::min(count, end); ++place)
            sum += group / static_cast<double>(end - begin) * discount(place);
        begin = end;
    }
    return sum;
}

/// Linear interpolation between the values around the wanted share of a sorted list.
double percentile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<double> mid_ranks(std::span<const double> values) {
    const auto order = descending_order(values);
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
        const double from_top = (static_cast<double>(begin + end) + 1) / 2;
        for (std::size_t i = begin; i < end; ++i)
            ranks[order[i]] = static_cast<double>(values.size()) + 1 - from_top;
        begin = end;
    }
    return ranks;
}

double pearson(std::span<const double> a, std::span<const double> b) {
    require_same_length(a, b);
    if (a.size() < 2) return undefined;
    // Exactly constant input must not slip through as rounding noise of its mean.
    const auto constant = [](std::span<const double> values) {
        return std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; });
    };
    if (constant(a) || constant(b)) return undefined;
    const double mean_a = mean(a);
    const double mean_b = mean(b);
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
        ab += (a[i] - mean_a) * (b[i] - mean_b);
    }
    if (!(aa > 0) || !(bb > 0)) return undefined;
    return std::clamp(ab / std::sqrt(aa) / std::sqrt(bb), -1.0, 1.0);
}

double spearman(std::span<const double> a, std::span<const double> b) {
    require_same_length(a, b);
    const auto not_a_number = [](double v) { return std::isnan(v); };
    if (std::any_of(a.begin(), a.end(), not_a_number) || std::any_of(b.begin(), b.end(), not_a_number))
        return undefined;
    return pearson(mid_ranks(a), mid_ranks(b));
}

double fisher_standard_error(double rho, std::size_t count) {
    if (count < 4) return undefined;
    return std::sqrt((1 + rho * rho / 2) / (static_cast<double>(count) - 3));
}

double mean_squared_error(std::span<const double> predicted, std::span<const double> given) {
    require_same_length(predicted, given);
    if (given.empty()) return undefined;
    double sum = 0;
    for (std::size_t i = 0; i < given.size(); ++i)
        sum += (predicted[i] - given[i]) * (predicted[i] - given[i]);
    return sum / static_cast<double>(given.size());
}

double accuracy(std::span<const double> predicted, std::span<const double> given, double threshold) {
    require_same_length(predicted, given);
    if (given.empty()) return undefined;
    std::size_t right = 0;
    for (std::size_t i = 0; i < given.size(); ++i)
        right += (predicted[i] > threshold) == (given[i] > threshold);
    return static_cast<double>(right) / static_cast<double>(given.size());
}

double constant_accuracy(std::span<const double> given, double threshold) {
    if (given.empty()) return undefined;
    const auto positive = std::count_if(given.begin(), given.end(), [&](double v) { return v > threshold; });
    const double share = static_cast<double>(positive) / static_cast<double>(given.size());
    return std::max(share, 1 - share);
}

double balanced_accuracy(std::span<const double> predicted, std::span<const double> given, double threshold) {
    require_same_length(predicted, given);
    double right[2] = {0, 0};
    double all[2] = {0, 0};
    for (std::size_t i = 0; i < given.size(); ++i) {
        const bool positive = given[i] > threshold;
        all[positive] += 1;
        right[positive] += (predicted[i] > threshold) == positive;
    }
    if (all[0] == 0 || all[1] == 0) return undefined;
    return (right[0] / all[0] + right[1] / all[1]) / 2;
}

double pair_accuracy(std::span<const double> predicted, std::span<const double> given, double difference) {
    require_same_length(predicted, given);
    double right = 0;
    double pairs = 0;
    for (std::size_t i = 0; i < given.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double gap = given[i] - given[j];
            if (gap == 0 || std::abs(gap) < difference) continue;
            pairs += 1;
            const double predicted_gap = predicted[i] - predicted[j];
            if (predicted_gap == 0)
                right += 0.5;
            else
                right += (predicted_gap > 0) == (gap > 0);
        }
    }
    return pairs > 0 ? right / pairs : undefined;
}

double ndcg(std::span<const double> predicted, std::span<const double> given, std::size_t count) {
    require_same_length(predicted, given);
    if (given.empty()) return undefined;
    const double lowest = *std::min_element(given.begin(), given.end());
    std::vector<double> gains(given.begin(), given.end());
    for (double& gain : gains) gain -= lowest;
    const double ideal = discounted_gain(gains, gains, count);
    return ideal > 0 ? discounted_gain(predicted, gains, count) / ideal : undefined;
}

Interval bootstrap_interval(std::size_t units, const Statistic& statistic, const BootstrapOptions& options) {
    if (units == 0 || options.resamples < 1) return {undefined, undefined};
    std::mt19937_64 random(options.seed);
    std::vector<std::size_t> drawn(units);
    std::vector<double> values;
    for (int i = 0; i < options.resamples; ++i) {
        // The remainder keeps the draws the same under every standard library; its bias is below 1e-12.
        for (auto& unit : drawn) unit = random() % units;
        const double value = statistic(drawn);
        if (!std::isnan(value)) values.push_back(value);
    }
    if (values.empty()) return {undefined, undefined};
    std::sort(values.begin(), values.end());
    const double tail = (1 - options.confidence) / 2;
    return {percentile(values, tail), percentile(values, 1 - tail)};
}

Interval paired_bootstrap(std::size_t units, const Statistic& a, const Statistic& b,
                          const BootstrapOptions& options) {
    return bootstrap_interval(
        units, [&](std::span<const std::size_t> drawn) { return a(drawn) - b(drawn); }, options);
}

}  // namespace piaa
