#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <piaa/export.h>

namespace piaa {

struct Size {
    int width = 0;
    int height = 0;
    bool operator==(const Size&) const = default;
};

/// A picture as people see it: 8-bit sRGB, three channels, row by row from the top left, packed.
/// Orientation is already applied and transparency already blended.
class PIAA_API Image {
public:
    /// pixels: width * height * 3 values, RGBRGB... Throws Error(bad_image) when the count is another
    /// or a side is not positive.
    Image(Size size, std::vector<std::uint8_t> pixels);

    Size size() const noexcept { return size_; }
    int width() const noexcept { return size_.width; }
    int height() const noexcept { return size_.height; }
    std::span<const std::uint8_t> pixels() const noexcept { return pixels_; }
    /// The three values of one pixel; x and y must lie inside.
    const std::uint8_t* at(int x, int y) const noexcept {
        return pixels_.data() + (static_cast<std::size_t>(y) * size_.width + x) * 3;
    }

private:
    Size size_;
    std::vector<std::uint8_t> pixels_;
};

/// The picture at another size, by cubic convolution (Keys 1981) that widens with the step when a side
/// shrinks, so that nothing aliases and shrinking in two steps gives nearly the same as in one: photos
/// decoded at reduced size and at full size must score alike. Throws Error(bad_argument) when a side of
/// `size` is not positive.
PIAA_API Image resized(const Image& image, Size size);

}  // namespace piaa
