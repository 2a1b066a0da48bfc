#include "photo/plane.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace piaa {

Image small_copy(const Image& image, int longest) {
    const int side = std::max(image.width(), image.height());
    if (side <= longest) return image;
    const double scale = static_cast<double>(longest) / side;
    const auto scaled = [scale](int length) {
        return std::max(1, static_cast<int>(std::lround(length * scale)));
    };
    return resized(image, {scaled(image.width()), scaled(image.height())});
}

Plane luminance(const Image& image) {
    Plane result(image.width(), image.height());
    const std::uint8_t* pixel = image.pixels().data();
    for (float& value : result.values) {
        value = (.299F * pixel[0] + .587F * pixel[1] + .114F * pixel[2]) / 255;
        pixel += 3;
    }
    return result;
}

Plane box_mean(const Plane& plane, int radius) {
    // Summed-area table with a border of zeros.
    const int stride = plane.width + 1;
    std::vector<double> sums(static_cast<std::size_t>(stride) * (plane.height + 1));
    for (int y = 0; y < plane.height; ++y) {
        double row = 0;
        for (int x = 0; x < plane.width; ++x) {
            row += plane.at(x, y);
            sums[static_cast<std::size_t>(y + 1) * stride + x + 1] =
                sums[static_cast<std::size_t>(y) * stride + x + 1] + row;
        }
    }
    Plane result(plane.width, plane.height);
    for (int y = 0; y < plane.height; ++y) {
        const int top = std::max(0, y - radius);
        const int bottom = std::min(plane.height, y + radius + 1);
        const double* above = sums.data() + static_cast<std::size_t>(top) * stride;
        const double* below = sums.data() + static_cast<std::size_t>(bottom) * stride;
        for (int x = 0; x < plane.width; ++x) {
            const int left = std::max(0, x - radius);
            const int right = std::min(plane.width, x + radius + 1);
            const double sum = below[right] - below[left] - above[right] + above[left];
            result.at(x, y) = static_cast<float>(sum / ((right - left) * (bottom - top)));
        }
    }
    return result;
}

Plane gradient_magnitude(const Plane& plane) {
    Plane result(plane.width, plane.height);
    for (int y = 0; y < plane.height; ++y) {
        const int above = std::max(0, y - 1);
        const int below = std::min(plane.height - 1, y + 1);
        for (int x = 0; x < plane.width; ++x) {
            const float across =
                plane.at(std::min(plane.width - 1, x + 1), y) - plane.at(std::max(0, x - 1), y);
            const float down = plane.at(x, below) - plane.at(x, above);
            result.at(x, y) = std::sqrt(across * across + down * down);
        }
    }
    return result;
}

float highest(const Plane& plane) {
    return *std::max_element(plane.values.begin(), plane.values.end());
}

float percentile(const Plane& plane, double share) {
    std::vector<float> values = plane.values;
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

double mean(const Plane& plane) {
    return std::accumulate(plane.values.begin(), plane.values.end(), 0.0) /
           static_cast<double>(plane.values.size());
}

}  // namespace piaa
