#include <algorithm>
#include <cmath>

#include "photo/attribute_groups.h"

namespace piaa {
namespace {

/// Nearness to a power point, where the lines at a third cross.
double thirds(const SalientMass& mass) {
    const auto to_line = [](double place) {
        return std::min(std::abs(place - 1 / 3.0), std::abs(place - 2 / 3.0));
    };
    const double across = to_line(mass.x);
    const double down = to_line(mass.y);
    return std::exp(-(across * across + down * down) / (2 * 0.17 * 0.17));
}

/// Correlation of the edges left of a vertical axis with the mirrored edges right of it. `axis` counts half
/// pixels: 2 * position.
double mirror_likeness(const Plane& edges, int axis) {
    double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
    double count = 0;
    for (int y = 0; y < edges.height; ++y)
        for (int x = std::max(0, axis - edges.width); 2 * x + 1 < axis; ++x) {
            const double a = edges.at(x, y);
            const double b = edges.at(axis - 1 - x, y);
            sum_a += a;
            sum_b += b;
            sum_aa += a * a;
            sum_bb += b * b;
            sum_ab += a * b;
            ++count;
        }
    if (count == 0) return 0;
    const double variance_a = sum_aa / count - sum_a * sum_a / (count * count);
    const double variance_b = sum_bb / count - sum_b * sum_b / (count * count);
    if (variance_a * variance_b < 1e-12) return 0;
    return (sum_ab / count - sum_a * sum_b / (count * count)) / std::sqrt(variance_a * variance_b);
}

/// The best axis within 5 % of the middle; 0.5 for a picture without edges.
double symmetry(const Plane& edges) {
    double best = -1;
    bool structured = false;
    const int reach = edges.width / 10;
    for (int axis = edges.width - reach; axis <= edges.width + reach; ++axis) {
        const double likeness = mirror_likeness(edges, axis);
        structured = structured || likeness != 0;
        best = std::max(best, likeness);
    }
    return structured ? std::max(0.0, best) : 0.5;
}

}  // namespace

void measure_composition(const AttributeInput& input, Attributes& attributes) {
    const SalientMass mass = salient_mass(input.saliency);
    // Blurred a little, so that edges need not match to the pixel.
    const Plane edges = box_mean(gradient_magnitude(input.light), 1);
    value_of(attributes, Attribute::rule_of_thirds) = static_cast<float>(thirds(mass));
    value_of(attributes, Attribute::symmetry) = static_cast<float>(symmetry(edges));
    value_of(attributes, Attribute::salient_size) = static_cast<float>(mass.share);
    value_of(attributes, Attribute::salient_x) = static_cast<float>(mass.x);
    value_of(attributes, Attribute::salient_y) = static_cast<float>(mass.y);
}

}  // namespace piaa
