#include <algorithm>
#include <cmath>

#include <piaa/error.h>
#include <piaa/heatmap_picture.h>

namespace piaa {
namespace {

using Rgb = std::array<std::uint8_t, 3>;

/// From full blue over white to full orange, in even steps of strength.
constexpr std::array<Rgb, 7> palette{{{5, 75, 160},
                                      {45, 130, 200},
                                      {150, 195, 230},
                                      {255, 255, 255},
                                      {253, 190, 110},
                                      {240, 125, 25},
                                      {190, 70, 0}}};

std::uint8_t mixed(double a, double b, double share_of_b) {
    return static_cast<std::uint8_t>(std::lround(a + (b - a) * share_of_b));
}

/// How much a place hides of the photo: weak places let it through.
double cover(double strength) {
    return std::pow(std::min(1.0, std::abs(strength)), 0.7);
}

void check_limit(double limit) {
    if (!(limit > 0))
        throw Error(ErrorCode::bad_argument,
                    "limit of a heatmap is " + std::to_string(limit) + " and should be above 0");
}

}  // namespace

double fitted_limit(const Heatmap& map) {
    std::vector<float> sizes;
    for (const float value : map.values) sizes.push_back(std::abs(value));
    if (sizes.empty()) return 0.01;
    const auto place = sizes.begin() + static_cast<std::ptrdiff_t>((sizes.size() - 1) * 98 / 100);
    std::nth_element(sizes.begin(), place, sizes.end());
    return std::max(0.01, static_cast<double>(*place));
}

Rgb heatmap_colour(double strength) {
    const double place = (std::clamp(strength, -1.0, 1.0) + 1) / 2 * (palette.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), palette.size() - 2);
    Rgb colour;
    for (int c = 0; c < 3; ++c)
        colour[c] = mixed(palette[below][c], palette[below + 1][c], place - static_cast<double>(below));
    return colour;
}

std::vector<std::uint8_t> heatmap_layer(const Heatmap& map, double limit) {
    check_limit(limit);
    std::vector<std::uint8_t> pixels;
    pixels.reserve(map.values.size() * 4);
    for (const float value : map.values) {
        const Rgb colour = heatmap_colour(value / limit);
        pixels.insert(pixels.end(), colour.begin(), colour.end());
        pixels.push_back(mixed(0, 255, cover(value / limit)));
    }
    return pixels;
}

Image heatmap_overlay(const Image& photo, const Heatmap& map, double limit, double opacity) {
    if (map.size != photo.size())
        return heatmap_overlay(photo, guided_upsampling(map, photo), limit, opacity);
    check_limit(limit);
    std::vector<std::uint8_t> pixels;
    pixels.reserve(photo.pixels().size());
    const std::uint8_t* pixel = photo.pixels().data();
    for (const float value : map.values) {
        const double strength = value / limit;
        const Rgb colour = heatmap_colour(strength);
        // Grey, so that a colour in the picture is always the map's.
        const double grey = .299 * pixel[0] + .587 * pixel[1] + .114 * pixel[2];
        for (int c = 0; c < 3; ++c)
            pixels.push_back(mixed(.85 * grey + .15 * pixel[c], colour[c], opacity * cover(strength)));
        pixel += 3;
    }
    return {photo.size(), std::move(pixels)};
}

Image heatmap_legend(Size size) {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const Rgb colour = heatmap_colour(2 * (x + 0.5) / size.width - 1);
            pixels.insert(pixels.end(), colour.begin(), colour.end());
        }
    return {size, std::move(pixels)};
}

}  // namespace piaa
