#include "crop/crop_maps.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace piaa {
namespace {

constexpr float core = 0.3F;  // of a subject map's highest value

/// One channel at any size, sampled at the middle of each place of the crop grid.
Plane on_crop_grid(const Plane& plane) {
    Plane result(crop_grid, crop_grid);
    const auto sample = [](int i, int length) {
        return std::clamp((i + 0.5) * length / crop_grid - 0.5, 0.0, length - 1.0);
    };
    for (int y = 0; y < crop_grid; ++y)
        for (int x = 0; x < crop_grid; ++x) {
            const double column = sample(x, plane.width);
            const double row = sample(y, plane.height);
            const int left = static_cast<int>(column);
            const int top = static_cast<int>(row);
            const int right = std::min(left + 1, plane.width - 1);
            const int bottom = std::min(top + 1, plane.height - 1);
            const double across = column - left;
            const double down = row - top;
            result.at(x, y) = static_cast<float>(
                (plane.at(left, top) * (1 - across) + plane.at(right, top) * across) * (1 - down) +
                (plane.at(left, bottom) * (1 - across) + plane.at(right, bottom) * across) * down);
        }
    return result;
}

/// With mean 0 and deviation 1; all 0 for a plane that is even.
Plane standardised(Plane plane) {
    const double average = mean(plane);
    double variance = 0;
    for (const float value : plane.values) variance += (value - average) * (value - average);
    const double deviation = std::sqrt(variance / static_cast<double>(plane.values.size()));
    const bool even = deviation < 1e-3 * std::abs(average) + 1e-9;
    for (float& value : plane.values) value = even ? 0 : static_cast<float>((value - average) / deviation);
    return plane;
}

/// What is not negative, with the sum 1; as it is if there is nothing.
Plane shares(Plane plane) {
    double sum = 0;
    for (float& value : plane.values) {
        value = std::max(0.0F, value);
        sum += value;
    }
    const auto scale = static_cast<float>(sum > 1e-6 ? 1 / sum : 0);
    for (float& value : plane.values) value *= scale;
    return plane;
}

/// The activations less `expected` times what the mean photo has there, weighted as the head says.
Plane weighted(std::span<const Plane> activations, const CropHead& head, double expected) {
    Plane result(crop_grid, crop_grid);
    for (std::size_t k = 0; k < head.stages.size(); ++k) {
        const Plane& activation = activations[head.stages[k]];
        const bool silent = std::all_of(activation.values.begin(), activation.values.end(),
                                        [](float value) { return value == 0; });
        if (silent || head.weights[k] == 0) continue;
        const auto weight = static_cast<float>(head.weights[k]);
        const auto share = static_cast<float>(expected);
        for (std::size_t i = 0; i < result.values.size(); ++i)
            result.values[i] += weight * (activation.values[i] - share * head.expected[k].values[i]);
    }
    return result;
}

/// The connected parts of the places with more than `least`, each on a plane of its own.
std::vector<Plane> parts_above(const Plane& plane, float least) {
    std::vector<Plane> parts;
    Plane unseen = plane;
    for (std::size_t seed = 0; seed < unseen.values.size(); ++seed) {
        if (unseen.values[seed] <= least) continue;
        Plane& part = parts.emplace_back(plane.width, plane.height);
        std::vector<std::size_t> border{seed};
        while (!border.empty()) {
            const std::size_t place = border.back();
            border.pop_back();
            if (unseen.values[place] <= least) continue;
            part.values[place] = std::exchange(unseen.values[place], 0.0F);
            const int column = static_cast<int>(place) % plane.width;
            const int row = static_cast<int>(place) / plane.width;
            for (int y = std::max(0, row - 1); y <= std::min(plane.height - 1, row + 1); ++y)
                for (int x = std::max(0, column - 1); x <= std::min(plane.width - 1, column + 1); ++x)
                    border.push_back(static_cast<std::size_t>(y) * plane.width + x);
        }
    }
    return parts;
}

}  // namespace

Plane activation_map(const FeatureMap& stage) {
    Plane strength(stage.width, stage.height);
    for (int y = 0; y < stage.height; ++y)
        for (int x = 0; x < stage.width; ++x) {
            double sum = 0;
            for (const float value : stage.at(x, y)) sum += double(value) * value;
            strength.at(x, y) = static_cast<float>(std::sqrt(sum / stage.channels));
        }
    return standardised(on_crop_grid(strength));
}

Plane activation_saliency(std::span<const Plane> activations, const CropHead& head) {
    return weighted(activations, head, 1);
}

Plane activation_saliency(const Features& features, const CropHead& head) {
    return activation_saliency(activations_for(features, head, chance_for(features, head)), head);
}

std::vector<Plane> activations_for(const Features& features, const CropHead& head,
                                   const std::optional<Plane>& chance) {
    std::vector<Plane> activations(features.maps.size(), Plane(0, 0));
    for (const int stage : head.stages)
        if (stage < static_cast<int>(features.maps.size()))
            activations[stage] = activation_map(features.maps[stage]);
    if (chance) activations.push_back(standardised(*chance));
    return activations;
}

Plane subject_map(std::span<const Plane> activations, const CropHead& head) {
    Plane result = weighted(activations, head, 0.5);
    const float usual = percentile(result, 0.5);
    for (float& value : result.values) value -= usual;
    return shares(std::move(result));
}

Plane subject_map(const Plane& chance) {
    constexpr float unlikely = 0.2F;  // what a linear reading says of any background
    Plane result = chance;
    for (float& value : result.values) value -= unlikely;
    return shares(std::move(result));
}

Plane largest_part(const Plane& subject) {
    Plane best(subject.width, subject.height);
    double most = 0;
    for (Plane& part : parts_above(subject, highest(subject) / 2)) {
        const double sum = std::accumulate(part.values.begin(), part.values.end(), 0.0);
        if (sum <= most) continue;
        most = sum;
        best = std::move(part);
    }
    return shares(std::move(best));
}

Plane without_faint_parts(const Plane& subject) {
    constexpr float faint = 0.1F;  // of the highest value
    Plane result(subject.width, subject.height);
    const float most = highest(subject);
    for (const Plane& part : parts_above(subject, faint * most))
        if (highest(part) > most / 2)
            for (std::size_t i = 0; i < result.values.size(); ++i) result.values[i] += part.values[i];
    return shares(std::move(result));
}

Plane head_map(const Features& features, const CropHead& head) {
    const Plane none(crop_grid, crop_grid);
    if (!head.heads) return none;
    const SubjectHead& reading = head.heads->reading;
    if (reading.stage >= static_cast<int>(features.maps.size()) ||
        features.maps[reading.stage].channels != static_cast<int>(reading.weights.size()))
        return none;  // a model that keeps other stages than the reading was made for
    Plane result = on_crop_grid(subject_chance(features.maps[reading.stage], reading));
    const float most = highest(result);
    if (most < head.heads->least) return none;
    for (float& value : result.values) value -= most / 2;
    return shares(std::move(result));
}

Plane with_heads(const Plane& part, const Plane& heads) {
    if (std::all_of(heads.values.begin(), heads.values.end(), [](float value) { return value == 0; }))
        return part;
    Plane result = part;
    for (std::size_t i = 0; i < result.values.size(); ++i) result.values[i] += heads.values[i];
    return shares(std::move(result));
}

Plane leaning_up(const Plane& subject) {
    constexpr float lean = 0.4F;  // the upper end counts 1.4 times, the lower .6 times
    const float least = core * highest(subject);
    int top = subject.height, bottom = 0;
    for (int y = 0; y < subject.height; ++y)
        for (int x = 0; x < subject.width; ++x)
            if (subject.at(x, y) > least) {
                top = std::min(top, y);
                bottom = y + 1;
            }
    Plane result = subject;
    for (int x = 0; x < subject.width; ++x) {
        float before = 0, after = 0;
        for (int y = 0; y < subject.height; ++y) {
            const auto place = (static_cast<float>(y - top) + 0.5F) / static_cast<float>(bottom - top);
            before += subject.at(x, y);
            after += result.at(x, y) *= 1 + lean * (1 - 2 * std::clamp(place, 0.0F, 1.0F));
        }
        if (after > 0)
            for (int y = 0; y < subject.height; ++y) result.at(x, y) *= before / after;
    }
    return result;
}

Plane with_surroundings(const Plane& subject) {
    constexpr int reach = 2;  // places to each side
    // First along the rows, then along the columns.
    Plane across = subject;
    for (int y = 0; y < subject.height; ++y)
        for (int x = 0; x < subject.width; ++x)
            for (int near = std::max(0, x - reach); near <= std::min(subject.width - 1, x + reach); ++near)
                across.at(x, y) = std::max(across.at(x, y), subject.at(near, y));
    Plane result = across;
    for (int y = 0; y < subject.height; ++y)
        for (int x = 0; x < subject.width; ++x)
            for (int near = std::max(0, y - reach); near <= std::min(subject.height - 1, y + reach); ++near)
                result.at(x, y) = std::max(result.at(x, y), across.at(x, near));
    return shares(std::move(result));
}

std::optional<Box> subject_box(const Plane& subject) {
    constexpr double room = 0.2;  // of the subject's sides, on each side of it
    const float least = core * highest(subject);
    int left = subject.width, top = subject.height, right = 0, bottom = 0;
    for (int y = 0; y < subject.height; ++y)
        for (int x = 0; x < subject.width; ++x) {
            if (subject.at(x, y) <= least) continue;
            left = std::min(left, x);
            top = std::min(top, y);
            right = std::max(right, x + 1);
            bottom = std::max(bottom, y + 1);
        }
    if (right == 0) return std::nullopt;
    const double across = room * (right - left);
    const double down = room * (bottom - top);
    const double x = std::max(0.0, (left - across) / subject.width);
    const double y = std::max(0.0, (top - down) / subject.height);
    return Box{x, y, std::min(1.0, (right + across) / subject.width) - x,
               std::min(1.0, (bottom + down) / subject.height) - y};
}

Plane subject_core(const Plane& subject, const std::optional<Plane>& chance) {
    constexpr float hardly = 0.35F;  // the chance of a sky in a landscape without a subject
    Plane result = subject;
    const float most = highest(subject);
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        const bool likely = !chance || chance->values[i] >= hardly;
        result.values[i] = most > 0 && likely && subject.values[i] > core * most ? 1.0F : 0.0F;
    }
    return result;
}

std::optional<Plane> chance_for(const Features& features, const CropHead& head) {
    if (!head.subject) return std::nullopt;
    return on_crop_grid(subject_chance(features.maps.at(head.subject->stage), *head.subject));
}

Plane keep_map(const Plane& activation_saliency, const CropHead& head) {
    constexpr int reach = 4;  // places to each side; a crop keeps areas, and single places are noise
    const Plane around = box_mean(activation_saliency, reach);
    const auto inside = [&head](int i, double size) {
        const double from_middle = std::abs((i + 0.5) / crop_grid - 0.5);
        return std::clamp(0.5 - (from_middle - size / 2) / head.prior_softness, 0.0, 1.0);
    };
    Plane result(crop_grid, crop_grid);
    for (int y = 0; y < crop_grid; ++y)
        for (int x = 0; x < crop_grid; ++x)
            result.at(x, y) =
                std::clamp(static_cast<float>(inside(x, head.prior_width) * inside(y, head.prior_height)) +
                               around.at(x, y),
                           0.0F, 1.0F);
    return result;
}

double agreement(const IntegralMap& keep, const Box& crop) {
    const double inside = keep.sum(crop);
    const double either = crop.area() + keep.sum({}) - inside;
    return either > 0 ? inside / either : 0;
}

}  // namespace piaa
