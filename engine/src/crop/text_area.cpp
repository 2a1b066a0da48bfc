#include "crop/text_area.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "crop/crop_reasons.h"

namespace piaa {
namespace {

/// Mean gradient of luma at which a place is as busy as foliage.
constexpr double busy_gradient = 0.12;
constexpr int parts = 3;  // across and down

/// Relative luminance of WCAG 2, 0 to 1.
double relative_luminance(const Colour& colour) {
    const auto linear = [](double value) {
        value /= 255;
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

struct PixelRange {
    int left, top, right, bottom;
};

/// All that a place touches, at least one pixel.
PixelRange pixels_of(const Image& image, const Box& place) {
    const int left = std::clamp(static_cast<int>(place.x * image.width()), 0, image.width() - 1);
    const int top = std::clamp(static_cast<int>(place.y * image.height()), 0, image.height() - 1);
    return {
        left, top,
        std::clamp(static_cast<int>(std::ceil(place.right() * image.width())), left + 1, image.width()),
        std::clamp(static_cast<int>(std::ceil(place.bottom() * image.height())), top + 1, image.height())};
}

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

/// The relative luminance of the darkest and the lightest of the small fields, each about a letter wide.
std::pair<double, double> luminance_range(const Image& image, const Box& place) {
    constexpr int fields = 8;  // across and down
    double darkest = 1, lightest = 0;
    for (int row = 0; row < fields; ++row)
        for (int column = 0; column < fields; ++column) {
            const double width = place.width / fields, height = place.height / fields;
            const PixelRange range =
                pixels_of(image, {place.x + column * width, place.y + row * height, width, height});
            double sum = 0;
            for (int y = range.top; y < range.bottom; ++y)
                for (int x = range.left; x < range.right; ++x) {
                    const std::uint8_t* pixel = image.at(x, y);
                    sum += relative_luminance({pixel[0], pixel[1], pixel[2]});
                }
            const double field = sum / (range.right - range.left) / (range.bottom - range.top);
            darkest = std::min(darkest, field);
            lightest = std::max(lightest, field);
        }
    return {darkest, lightest};
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

TextArea TextAreaMeter::measure(const Box& place) const {
    TextArea area;
    area.calmness = calmness(place);
    area.background = dominant_colour(picture_, place);
    // A line of text crosses all of the place, so it reads as well as where it reads worst.
    const auto [darkest, lightest] = luminance_range(picture_, place);
    const double with_white = 1.05 / (lightest + 0.05);
    const double with_black = (darkest + 0.05) / 0.05;
    const std::uint8_t value = with_white > with_black ? 255 : 0;
    area.text = {value, value, value};
    area.contrast = std::max(with_white, with_black);
    return area;
}

}  // namespace piaa
