#include "pages/small_copy.h"

#include <algorithm>
#include <cmath>

#include "photos/image_file.h"

namespace piaa::cli {

std::string small_copy(const boost::filesystem::path& file, int longest_side) {
    constexpr int quality = 80;
    const auto page_size = [&](Size photo) -> Size {
        const double scale =
            std::min(1.0, static_cast<double>(longest_side) / std::max(photo.width, photo.height));
        return {std::max(1, static_cast<int>(std::lround(photo.width * scale))),
                std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
    };
    const DecodedPhoto decoded = read_image(file, page_size);
    const Size size = page_size(decoded.photo);
    return encode_jpeg(decoded.image.size() == size ? decoded.image : resized(decoded.image, size), quality);
}

}  // namespace piaa::cli
