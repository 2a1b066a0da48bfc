#include "photos/small_image.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "photos/image_file.h"

namespace piaa::cli {

Size within(Size size, int side) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(size.width, size.height));
    return {std::max(1, static_cast<int>(std::lround(size.width * scale))),
            std::max(1, static_cast<int>(std::lround(size.height * scale)))};
}

Image read_within(const boost::filesystem::path& file, int side) {
    DecodedPhoto decoded = read_image(file, [side](Size size) { return within(size, side); });
    const Size size = within(decoded.photo, side);
    return decoded.image.size() == size ? std::move(decoded.image) : resized(decoded.image, size);
}

}  // namespace piaa::cli
