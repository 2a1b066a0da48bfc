#pragma once

#include <piaa/crop.h>
#include <piaa/image.h>

namespace piaa::cli {

/// The box, which lies inside the picture, as a picture of its own.
Image cut_out(const Image& picture, const PixelBox& box);

}  // namespace piaa::cli
