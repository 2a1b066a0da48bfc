#include "photos/small_image.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace piaa::cli {

Size within(Size size, int side) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(size.width, size.height));
    return {std::max(1, static_cast<int>(std::lround(size.width * scale))),
            std::max(1, static_cast<int>(std::lround(size.height * scale)))};
}

Image read_at(const Photo& photo, const SmallestSize& size_for) {
    DecodedPhoto decoded =
        photo.bytes ? decode_image(*photo.bytes, photo.file, size_for) : read_image(photo.file, size_for);
    const Size size = size_for(decoded.photo);
    return decoded.image.size() == size ? std::move(decoded.image) : resized(decoded.image, size);
}

Image read_within(const Photo& photo, int side) {
    return read_at(photo, [side](Size size) { return within(size, side); });
}

}  // namespace piaa::cli
