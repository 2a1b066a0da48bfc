#include "crop/text_area.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "crop/crop_reasons.h"
#include "crop/pixel_range.h"
#include "crop/text_contrast.h"

namespace piaa {
namespace {

/// Mean gradient of luma at which a place is as busy as foliage.
constexpr double busy_gradient = 0.12;
constexpr int parts = 3;  // across and down

/// The mean of the fullest of 512 bins of colour.
Colour dominant_colour(const Image& image, const Box& place) {
    struct Bin {
        int count = 0;
        std::array<int, 3> sum{};
    };
    std::array<Bin, 512> bins{};
    const auto [left, top, right, bottom] = pixels_of(image, place);
    for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) {
            const std::uint8_t* pixel = image.at(x, y);
            Bin& bin = bins[(pixel[0] / 32U * 8U + pixel[1] / 32U) * 8U + pixel[2] / 32U];
            ++bin.count;
            for (int c = 0; c < 3; ++c) bin.sum[c] += pixel[c];
        }
    const Bin& fullest = *std::max_element(bins.begin(), bins.end(),
                                           [](const Bin& a, const Bin& b) { return a.count < b.count; });
    const auto average = [&](int c) { return static_cast<std::uint8_t>(fullest.sum[c] / fullest.count); };
    return {average(0), average(1), average(2)};
}

}  // namespace

TextAreaMeter::TextAreaMeter(const Plane& activation_saliency, const Image& picture)
    : picture_(small_copy(picture)),
      edges_(gradient_magnitude(luminance(picture_))),
      salient_(positive_part(activation_saliency)) {}

double TextAreaMeter::calm_at(const Box& place) const {
    const double edges = std::exp(-edges_.mean(place) / busy_gradient);
    return edges * std::clamp(1 - salient_.mean(place), 0.0, 1.0);
}

double TextAreaMeter::calmness(const Box& place) const {
    // Half of it is the busiest ninth: an ear across one letter spoils the line.
    double busiest = 1;
    for (int row = 0; row < parts; ++row)
        for (int column = 0; column < parts; ++column)
            busiest = std::min(busiest, calm_at({place.x + column * place.width / parts,
                                                 place.y + row * place.height / parts, place.width / parts,
                                                 place.height / parts}));
    return (calm_at(place) + busiest) / 2;
}

TextArea TextAreaMeter::measure(const Box& place, const TextStyle& style) const {
    const std::vector<Colour> colours =
        style.colours.empty() ? std::vector<Colour>{{0, 0, 0}, {255, 255, 255}} : style.colours;
    std::optional<TextArea> best;
    for (const Colour& colour : colours) {
        const TextArea area = text_on(picture_, place, colour, style.least_contrast);
        const bool better = !best || area.scrim < best->scrim ||
                            (area.scrim == best->scrim && area.contrast_on_scrim > best->contrast_on_scrim);
        if (better) best = area;
    }
    best->calmness = calmness(place);
    best->background = dominant_colour(picture_, place);
    return *best;
}

}  // namespace piaa
