#pragma once

#include <piaa/export.h>
#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa {

/// The box, which lies inside the picture, as a picture of its own.
PIAA_API Image cut_out(const Image& picture, const PixelBox& box);

}  // namespace piaa
