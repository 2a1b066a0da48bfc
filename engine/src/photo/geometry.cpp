#include <algorithm>

#include <piaa/geometry.h>

namespace piaa {

double overlap(const Box& a, const Box& b) {
    const double width = std::min(a.right(), b.right()) - std::max(a.x, b.x);
    const double height = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    if (width <= 0 || height <= 0) return 0;
    const double both = width * height;
    return both / (a.area() + b.area() - both);
}

Box normalized(const PixelBox& box, Size photo) {
    return {static_cast<double>(box.x) / photo.width, static_cast<double>(box.y) / photo.height,
            static_cast<double>(box.width) / photo.width, static_cast<double>(box.height) / photo.height};
}

Box centre_box(double share) {
    return {(1 - share) / 2, (1 - share) / 2, share, share};
}

}  // namespace piaa
