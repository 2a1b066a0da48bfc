#pragma once

#include <algorithm>
#include <cmath>

#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa {

/// Pixels from left and top to before right and bottom.
struct PixelRange {
    int left, top, right, bottom;
};

/// All that a place, in shares of the image, touches; at least one pixel.
inline PixelRange pixels_of(const Image& image, const Box& place) {
    const int left = std::clamp(static_cast<int>(place.x * image.width()), 0, image.width() - 1);
    const int top = std::clamp(static_cast<int>(place.y * image.height()), 0, image.height() - 1);
    return {
        left, top,
        std::clamp(static_cast<int>(std::ceil(place.right() * image.width())), left + 1, image.width()),
        std::clamp(static_cast<int>(std::ceil(place.bottom() * image.height())), top + 1, image.height())};
}

}  // namespace piaa
