#include "photos/levelled_image.h"

#include <algorithm>
#include <cmath>

#include <piaa/level.h>

#include "photos/small_image.h"

namespace piaa::cli {

Image read_levelled(const Photo& photo, Size photo_size, Size size, double angle) {
    if (angle == 0) return read_at(photo, [size](Size) { return size; });
    const double scale = static_cast<double>(size.width) / Levelling{angle, photo_size}.frame().width;
    const Size whole{std::max(1, static_cast<int>(std::lround(photo_size.width * scale))),
                     std::max(1, static_cast<int>(std::lround(photo_size.height * scale)))};
    return resized(levelled(read_at(photo, [whole](Size) { return whole; }), angle), size);
}

}  // namespace piaa::cli
