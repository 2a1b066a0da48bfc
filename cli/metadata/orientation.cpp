#include "metadata/orientation.h"

#include <utility>

namespace piaa::cli {

Box before_orientation(const Box& upright, int orientation) {
    Box box = upright;
    if (orientation >= 5) {  // turned by a quarter: the sides change places
        std::swap(box.x, box.y);
        std::swap(box.width, box.height);
    }
    const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    if (from_right) box.x = 1 - box.right();
    if (from_bottom) box.y = 1 - box.bottom();
    return box;
}

Box after_orientation(const Box& stored, int orientation) {
    // Only the two quarter turns without a mirror are not their own inverse.
    return before_orientation(stored, orientation == 6 ? 8 : orientation == 8 ? 6 : orientation);
}

}  // namespace piaa::cli
