#pragma once

#include <piaa/geometry.h>

namespace piaa::cli {

/// The box as it lies in the file, before its orientation (Exif, 1 to 8) is applied.
Box before_orientation(const Box& upright, int orientation);

/// The other way round: the box as people see it.
Box after_orientation(const Box& stored, int orientation);

}  // namespace piaa::cli
