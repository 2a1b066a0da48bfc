#include "photo/mirror.h"

#include <algorithm>

namespace piaa {

Image mirrored(const Image& image) {
    std::vector<std::uint8_t> pixels;
    pixels.reserve(image.pixels().size());
    for (int y = 0; y < image.height(); ++y)
        for (int x = image.width() - 1; x >= 0; --x)
            pixels.insert(pixels.end(), image.at(x, y), image.at(x, y) + 3);
    return {image.size(), std::move(pixels)};
}

void average_with_mirrored(std::vector<FeatureMap>& maps, const std::vector<FeatureMap>& of_mirror_image) {
    for (std::size_t s = 0; s < maps.size(); ++s) {
        FeatureMap& map = maps[s];
        for (int y = 0; y < map.height; ++y) {
            for (int x = 0; x < map.width; ++x) {
                const auto other = of_mirror_image[s].at(map.width - 1 - x, y);
                float* values =
                    map.values.data() + (static_cast<std::size_t>(y) * map.width + x) * map.channels;
                for (int c = 0; c < map.channels; ++c) values[c] = (values[c] + other[c]) / 2;
            }
        }
    }
}

}  // namespace piaa
