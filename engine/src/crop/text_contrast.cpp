#include "crop/text_contrast.h"

#include <algorithm>
#include <array>

#include <piaa/srgb.h>

#include "crop/pixel_range.h"

namespace piaa {
namespace {

constexpr int scrim_steps = 100;

/// A scrim's colour and how much of it covers what is below, 0 to 1, mixed as browsers do, in sRGB.
struct Scrim {
    double value = 0;  ///< of all three channels: 0 for black, 255 for white
    double opacity = 0;
};

using Lights = std::array<double, 256>;

/// What each value of a channel gives under a scrim.
Lights lights_under(const Scrim& scrim) {
    Lights lights;
    for (std::size_t value = 0; value < lights.size(); ++value) {
        const auto below = static_cast<double>(value);
        lights[value] = light_of_srgb((below + (scrim.value - below) * scrim.opacity) / 255);
    }
    return lights;
}

/// Relative luminance of WCAG 2, 0 to 1.
double relative_luminance(const Lights& lights, const std::uint8_t* pixel) {
    return 0.2126 * lights[pixel[0]] + 0.7152 * lights[pixel[1]] + 0.0722 * lights[pixel[2]];
}

double contrast_of(double a, double b) {
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

/// Of text of some luminance with the place, where that is least.
double worst_contrast(const Image& picture, const Box& place, double text, const Scrim& scrim) {
    constexpr int fields = 8;  // across and down
    const Lights lights = lights_under(scrim);
    const double width = place.width / fields, height = place.height / fields;
    double worst = 21;
    for (int row = 0; row < fields; ++row)
        for (int column = 0; column < fields; ++column) {
            const PixelRange range =
                pixels_of(picture, {place.x + column * width, place.y + row * height, width, height});
            double sum = 0;
            for (int y = range.top; y < range.bottom; ++y)
                for (int x = range.left; x < range.right; ++x)
                    sum += relative_luminance(lights, picture.at(x, y));
            const double field = sum / (range.right - range.left) / (range.bottom - range.top);
            worst = std::min(worst, contrast_of(text, field));
        }
    return worst;
}

}  // namespace

TextArea text_on(const Image& picture, const Box& place, const Colour& text, double least_contrast) {
    const std::array<std::uint8_t, 3> channels{text.red, text.green, text.blue};
    const double luminance = relative_luminance(lights_under({}), channels.data());
    TextArea area;
    area.text = text;
    area.contrast = area.contrast_on_scrim = worst_contrast(picture, place, luminance, {});
    if (area.contrast >= least_contrast) return area;
    const double value = contrast_of(luminance, 0) >= contrast_of(luminance, 1) ? 0 : 255;
    const auto channel = static_cast<std::uint8_t>(value);
    area.scrim_colour = {channel, channel, channel};
    // Text between the lightest and the darkest field first reads worse, so the least scrim is not bisected.
    for (int step = 1; step <= scrim_steps && area.contrast_on_scrim < least_contrast; ++step) {
        area.scrim = static_cast<double>(step) / scrim_steps;
        area.contrast_on_scrim = worst_contrast(picture, place, luminance, {value, area.scrim});
    }
    return area;
}

}  // namespace piaa
