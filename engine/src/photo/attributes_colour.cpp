#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "photo/attribute_groups.h"

namespace piaa {
namespace {

constexpr int hue_bins = 72;  // 5 degrees each

/// Hasler and Suesstrunk, "Measuring colourfulness in natural images" (2003), on 8-bit values.
double colourfulness(const Image& image) {
    double sum[2] = {};
    double square[2] = {};
    const auto pixels = image.pixels();
    const auto count = static_cast<double>(pixels.size() / 3);
    for (std::size_t i = 0; i < pixels.size(); i += 3) {
        const double axis[2] = {double(pixels[i]) - pixels[i + 1],
                                (pixels[i] + pixels[i + 1]) / 2.0 - pixels[i + 2]};
        for (int k = 0; k < 2; ++k) {
            sum[k] += axis[k];
            square[k] += axis[k] * axis[k];
        }
    }
    double variance = 0;
    double offset = 0;
    for (int k = 0; k < 2; ++k) {
        const double average = sum[k] / count;
        variance += std::max(0.0, square[k] / count - average * average);
        offset += average * average;
    }
    return std::sqrt(variance) + 0.3 * std::sqrt(offset);
}

struct Hue {
    double degrees = 0;  ///< 0 red, 120 green, 240 blue
    double saturation = 0;
    double chroma = 0;
};

Hue hue_of(const std::uint8_t* pixel) {
    const int highest = std::max({pixel[0], pixel[1], pixel[2]});
    const int chroma = highest - std::min({pixel[0], pixel[1], pixel[2]});
    if (chroma == 0) return {};
    double sector = 0;
    if (highest == pixel[0])
        sector = double(pixel[1] - pixel[2]) / chroma;
    else if (highest == pixel[1])
        sector = 2 + double(pixel[2] - pixel[0]) / chroma;
    else
        sector = 4 + double(pixel[0] - pixel[1]) / chroma;
    return {std::fmod(sector * 60 + 360, 360.0), double(chroma) / highest, chroma / 255.0};
}

struct Sector {
    double centre;  ///< degrees from the template's own zero
    double width;   ///< degrees
};

/// Degrees from a hue to the nearest border of a template's sectors, 0 inside.
double distance_to(std::span<const Sector> sectors, double hue) {
    double nearest = 360;
    for (const Sector& sector : sectors) {
        const double apart = std::abs(std::remainder(hue - sector.centre, 360.0));
        nearest = std::min(nearest, std::max(0.0, apart - sector.width / 2));
    }
    return nearest;
}

/// How far, in degrees, hues lie on average from the best-fitting template of Matsuda's (i V L I T Y X) in
/// its best rotation, as in Cohen-Or et al., "Color harmonization" (2006). histogram adds up to 1.
double disharmony(const std::array<double, hue_bins>& histogram) {
    static const std::vector<std::vector<Sector>> templates{{{0, 18}},
                                                            {{0, 93.6}},
                                                            {{0, 18}, {90, 79.2}},
                                                            {{0, 18}, {180, 18}},
                                                            {{0, 180}},
                                                            {{0, 93.6}, {180, 18}},
                                                            {{0, 93.6}, {180, 93.6}}};
    double best = 360;
    for (const auto& sectors : templates) {
        std::array<double, hue_bins> distance{};
        for (int i = 0; i < hue_bins; ++i) distance[i] = distance_to(sectors, i * 360.0 / hue_bins);
        for (int turn = 0; turn < hue_bins; ++turn) {
            double energy = 0;
            for (int i = 0; i < hue_bins; ++i) energy += histogram[i] * distance[(i + turn) % hue_bins];
            best = std::min(best, energy);
        }
    }
    return best;
}

}  // namespace

void measure_colour(const AttributeInput& input, Attributes& attributes) {
    const auto pixels = input.small.pixels();
    std::array<double, hue_bins> hues{};
    double coloured = 0;
    double saturation = 0;
    double red = 0;
    double blue = 0;
    for (std::size_t i = 0; i < pixels.size(); i += 3) {
        const Hue hue = hue_of(&pixels[i]);
        // Weighted by chroma, not saturation: the hue of near-black is chance.
        hues[static_cast<std::size_t>(hue.degrees * hue_bins / 360) % hue_bins] += hue.chroma;
        coloured += hue.chroma;
        saturation += hue.saturation;
        red += pixels[i];
        blue += pixels[i + 2];
    }
    const auto count = static_cast<double>(pixels.size() / 3);
    // A picture with next to no colour has no hue out of place.
    const bool grey = coloured / count < 0.02;
    if (!grey)
        for (double& share : hues) share /= coloured;

    value_of(attributes, Attribute::colourfulness) = static_cast<float>(colourfulness(input.small) / 110);
    value_of(attributes, Attribute::saturation) = static_cast<float>(saturation / count);
    value_of(attributes, Attribute::warmth) =
        static_cast<float>(red + blue > 0 ? 0.5 + 0.5 * (red - blue) / (red + blue) : 0.5);
    // Even hues all around lie 10.4 degrees from the X template; 15 leaves room for worse.
    value_of(attributes, Attribute::colour_harmony) =
        static_cast<float>(grey ? 1 : 1 - disharmony(hues) / 15);
}

}  // namespace piaa
