#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace piaa {

/// What one stage of the network says of each place of the photo.
struct FeatureMap {
    int width = 0;
    int height = 0;
    int channels = 0;
    std::vector<float> values;  ///< row by row, channels innermost: height * width * channels

    std::span<const float> at(int x, int y) const {
        return {values.data() + (static_cast<std::size_t>(y) * width + x) * channels,
                static_cast<std::size_t>(channels)};
    }
};

}  // namespace piaa
