#pragma once

#include <cstdint>
#include <vector>

#include <piaa/image.h>

namespace piaa::cli {

/// A white picture to put others on.
class Canvas {
public:
    explicit Canvas(Size size)
        : size_(size), pixels_(static_cast<std::size_t>(size.width) * size.height * 3, 255) {}

    /// Puts a picture with its top left corner there; what lies outside is cut off.
    void put(const Image& image, int left, int top);
    Image image() const { return {size_, pixels_}; }

private:
    Size size_;
    std::vector<std::uint8_t> pixels_;
};

}  // namespace piaa::cli
