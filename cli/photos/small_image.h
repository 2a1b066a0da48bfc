#pragma once

#include <vector>

#include <piaa/geometry.h>
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

// A photo as it is looked at closely: every pixel, or as many as that should cost.

/// The longer side that it has then.
int close_side(Size photo);

/// The photo with its longer side at `side`, from its bytes or else its file. Throws as read_image().
Image read_closely(const Photo& photo, int side);

/// People's heads; none where the detector is not installed.
std::vector<Box> heads_in(const Image& picture);

}  // namespace piaa::cli
