#include "pages/canvas.h"

#include <algorithm>

namespace piaa::cli {

void Canvas::put(const Image& image, int left, int top) {
    const int first = std::max(0, -left);
    const int end = std::min(image.width(), size_.width - left);
    if (end <= first) return;
    for (int y = std::max(0, -top); y < std::min(image.height(), size_.height - top); ++y)
        std::copy_n(
            image.at(first, y), static_cast<std::size_t>(end - first) * 3,
            pixels_.begin() + (static_cast<std::ptrdiff_t>(top + y) * size_.width + left + first) * 3);
}

}  // namespace piaa::cli
