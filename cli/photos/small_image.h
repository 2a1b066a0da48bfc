#pragma once

#include <piaa/image.h>

#include "photos/image_file.h"
#include "photos/photo_list.h"

namespace piaa::cli {

/// The size whose longer side is at most `side`, at the same shape; a smaller one stays.
Size within(Size size, int side);

/// A photo at the size that is asked for, from its bytes or else its file. Throws as read_image().
Image read_at(const Photo& photo, const SmallestSize& size_for);

/// A photo within that size. Throws as read_image().
Image read_within(const Photo& photo, int side);

}  // namespace piaa::cli
