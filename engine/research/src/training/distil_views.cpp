#include "training/distil_views.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include <piaa/cut_out.h>

#include "photo/mirror.h"

namespace piaa {
namespace {

class Draw {
public:
    explicit Draw(std::uint64_t seed) : random_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * static_cast<double>(random_() >> 11) / 9007199254740992.0;
    }

private:
    std::mt19937_64 random_;
};

/// A part with a share of the photo's area and up to a third more or less of its aspect.
Image part(const Image& photo, double least, double most, Draw& draw) {
    const double share = draw.between(least, most);
    const double stretch = std::exp(draw.between(std::log(3.0 / 4), std::log(4.0 / 3)));
    const auto side = [](int whole, double factor) {
        return std::clamp(static_cast<int>(whole * factor), 1, whole);
    };
    const int width = side(photo.width(), std::sqrt(share * stretch));
    const int height = side(photo.height(), std::sqrt(share / stretch));
    const int left = static_cast<int>(draw.between(0, photo.width() - width + 1));
    const int top = static_cast<int>(draw.between(0, photo.height() - height + 1));
    return cut_out(photo, {left, top, width, height});
}

Image recoloured(const Image& photo, Draw& draw) {
    const double brightness = draw.between(0.7, 1.3);
    const double contrast = draw.between(0.7, 1.3);
    const double saturation = draw.between(0.3, 1.5);
    std::vector<std::uint8_t> pixels(photo.pixels().begin(), photo.pixels().end());
    double mean = 0;
    for (const std::uint8_t value : pixels) mean += value;
    mean *= brightness / static_cast<double>(pixels.size());
    for (std::size_t i = 0; i < pixels.size(); i += 3) {
        const double grey = 0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2];
        for (std::size_t c = 0; c < 3; ++c) {
            const double lit = brightness * (grey + saturation * (pixels[i + c] - grey));
            pixels[i + c] =
                static_cast<std::uint8_t>(std::clamp(mean + contrast * (lit - mean) + 0.5, 0.0, 255.0));
        }
    }
    return {photo.size(), std::move(pixels)};
}

}  // namespace

Image distil_view(const Image& photo, std::uint64_t number, std::uint64_t seed) {
    Draw draw(seed * 1'000'003 + number);
    Image view = number % 3 == 0   ? photo
                 : number % 3 == 1 ? part(photo, 0.3, 1, draw)
                                   : recoloured(part(photo, 0.2, 0.9, draw), draw);
    return draw.between(0, 1) < 0.5 ? mirrored(view) : view;
}

}  // namespace piaa
