#include "photo/saliency.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace piaa {
namespace {

/// Luminance, red against green, yellow against blue: axes along which people see colours differ.
std::array<Plane, 3> opponent_colours(const Image& image) {
    std::array<Plane, 3> planes{luminance(image), Plane(image.width(), image.height()),
                                Plane(image.width(), image.height())};
    const std::uint8_t* pixel = image.pixels().data();
    for (std::size_t i = 0; i < planes[0].values.size(); ++i, pixel += 3) {
        const float red = pixel[0] / 255.0F;
        const float green = pixel[1] / 255.0F;
        const float blue = pixel[2] / 255.0F;
        planes[1].values[i] = red - green;
        planes[2].values[i] = (red + green) / 2 - blue;
    }
    return planes;
}

}  // namespace

Plane saliency_map(const Image& small) {
    const int side = std::max(small.width(), small.height());
    const std::array<int, 3> surrounds{side, side / 4, side / 8};
    Plane result(small.width(), small.height());
    std::array<Plane, 3> squares{result, result, result};
    for (const Plane& colour : opponent_colours(small)) {
        const Plane centre = box_mean(colour, std::max(1, side / 64));
        for (std::size_t k = 0; k < surrounds.size(); ++k) {
            const Plane surround = box_mean(colour, std::max(1, surrounds[k]));
            for (std::size_t i = 0; i < result.values.size(); ++i) {
                const float difference = centre.values[i] - surround.values[i];
                squares[k].values[i] += difference * difference;
            }
        }
    }
    for (const Plane& square : squares)
        for (std::size_t i = 0; i < result.values.size(); ++i)
            result.values[i] += std::sqrt(square.values[i]);

    const float most = highest(result);
    // Below one grey level there is nothing to see, only rounding.
    if (most < 1 / 255.0F) {
        std::fill(result.values.begin(), result.values.end(), 0.0F);
        return result;
    }
    for (float& value : result.values) value /= most;
    return result;
}

SalientMass salient_mass(const Plane& saliency) {
    const auto threshold = static_cast<float>(std::clamp(1.5 * mean(saliency), 0.25, 0.9));
    SalientMass mass;
    double weight = 0;
    double sum_x = 0;
    double sum_y = 0;
    for (int y = 0; y < saliency.height; ++y)
        for (int x = 0; x < saliency.width; ++x) {
            const float value = saliency.at(x, y);
            if (value <= threshold) continue;
            weight += value;
            sum_x += value * (x + 0.5);
            sum_y += value * (y + 0.5);
            mass.share += 1;
        }
    mass.share /= static_cast<double>(saliency.values.size());
    if (weight > 0) {
        mass.x = sum_x / weight / saliency.width;
        mass.y = sum_y / weight / saliency.height;
    }
    return mass;
}

}  // namespace piaa
