#pragma once

#include <piaa/image.h>

#include "photos/photo_list.h"

namespace piaa::cli {

/// What an upright frame shows of a photo of that size (piaa/level.h), at the size that is asked for. Throws
/// as read_image().
Image read_levelled(const Photo& photo, Size photo_size, Size size, double angle);

}  // namespace piaa::cli
