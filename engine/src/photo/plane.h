#pragma once

#include <cstddef>
#include <vector>

#include <piaa/image.h>

namespace piaa {

/// One number per pixel, row by row.
struct Plane {
    Plane(int plane_width, int plane_height)
        : width(plane_width),
          height(plane_height),
          values(static_cast<std::size_t>(plane_width) * plane_height) {}
    float& at(int x, int y) { return values[static_cast<std::size_t>(y) * width + x]; }
    float at(int x, int y) const { return values[static_cast<std::size_t>(y) * width + x]; }

    int width;
    int height;
    std::vector<float> values;
};

/// A copy of at most `longest` pixels a side; the picture itself when it is smaller.
Image small_copy(const Image& image, int longest = 128);

/// Luma of each pixel, 0 black to 1 white.
Plane luminance(const Image& image);

/// The mean over a square of 2 * radius + 1 pixels a side, cut off at the borders.
Plane box_mean(const Plane& plane, int radius);

/// How strongly luminance changes at each pixel: length of the central difference.
Plane gradient_magnitude(const Plane& plane);

/// The largest value.
float highest(const Plane& plane);

/// The value below which `share` (0 to 1) of all values lie.
float percentile(const Plane& plane, double share);

double mean(const Plane& plane);

}  // namespace piaa
