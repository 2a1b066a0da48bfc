#include "photos/small_image.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <piaa/error.h>
#include <piaa/faces.h>

namespace piaa::cli {
namespace {

constexpr double most_looked_at = 24e6;  // pixels; a larger photo is looked at smaller

Size with_longer_side(Size photo, int side) {
    const double scale = static_cast<double>(side) / std::max(photo.width, photo.height);
    return {std::max(1, static_cast<int>(std::lround(photo.width * scale))),
            std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
}

}  // namespace

Size within(Size size, int side) {
    return with_longer_side(size, std::min(side, std::max(size.width, size.height)));
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

int close_side(Size photo) {
    const double pixels = static_cast<double>(photo.width) * photo.height;
    const double scale = std::min(1.0, std::sqrt(most_looked_at / std::max(1.0, pixels)));
    return std::max(1, static_cast<int>(std::max(photo.width, photo.height) * scale));
}

Image read_closely(const Photo& photo, int side) {
    return read_at(photo, [side](Size size) { return with_longer_side(size, side); });
}

std::vector<Box> heads_in(const Image& picture) {
    try {
        return find_heads(picture);
    } catch (const Error&) {
        return {};
    }
}

}  // namespace piaa::cli
