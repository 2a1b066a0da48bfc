#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <piaa/cut_out.h>

namespace piaa {

Image cut_out(const Image& picture, const PixelBox& box) {
    std::vector<std::uint8_t> pixels;
    pixels.reserve(static_cast<std::size_t>(box.width) * box.height * 3);
    for (int y = box.y; y < box.y + box.height; ++y) {
        const std::uint8_t* row = picture.at(box.x, y);
        pixels.insert(pixels.end(), row, row + static_cast<std::ptrdiff_t>(box.width) * 3);
    }
    return {{box.width, box.height}, std::move(pixels)};
}

}  // namespace piaa
