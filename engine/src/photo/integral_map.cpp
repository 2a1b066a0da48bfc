#include "photo/integral_map.h"

#include <algorithm>

namespace piaa {

IntegralMap::IntegralMap(const Plane& plane)
    : width_(plane.width),
      height_(plane.height),
      sums_(static_cast<std::size_t>(plane.width + 1) * (plane.height + 1)) {
    const std::size_t stride = width_ + 1;
    for (int y = 0; y < height_; ++y) {
        double row = 0;
        for (int x = 0; x < width_; ++x) {
            row += plane.at(x, y);
            sums_[(y + 1) * stride + x + 1] = sums_[y * stride + x + 1] + row;
        }
    }
}

double IntegralMap::up_to(double x, double y) const {
    const double column = std::clamp(x, 0.0, 1.0) * width_;
    const double row = std::clamp(y, 0.0, 1.0) * height_;
    const int left = std::min(static_cast<int>(column), width_ - 1);
    const int top = std::min(static_cast<int>(row), height_ - 1);
    const double across = column - left;
    const double down = row - top;
    const double* above = sums_.data() + static_cast<std::size_t>(top) * (width_ + 1) + left;
    const double* below = above + width_ + 1;
    return (above[0] * (1 - across) + above[1] * across) * (1 - down) +
           (below[0] * (1 - across) + below[1] * across) * down;
}

double IntegralMap::sum(const Box& box) const {
    return (up_to(box.right(), box.bottom()) - up_to(box.x, box.bottom()) - up_to(box.right(), box.y) +
            up_to(box.x, box.y)) /
           (static_cast<double>(width_) * height_);
}

double IntegralMap::mean(const Box& box) const {
    Box seen = box;
    seen.width = std::max(seen.width, 0.01 / width_);
    seen.height = std::max(seen.height, 0.01 / height_);
    seen.x = std::clamp(seen.x, 0.0, std::max(0.0, 1 - seen.width));
    seen.y = std::clamp(seen.y, 0.0, std::max(0.0, 1 - seen.height));
    return sum(seen) / seen.area();
}

}  // namespace piaa
