#pragma once

#include <vector>

#include <piaa/crop.h>
#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// Boxes around people's heads, hair and chin included, in shares of the picture; for CropOptions::keep.
///
/// Faces seen from the front, at least a sixteenth of the longer side high: OpenCV's Haar cascade (Viola and
/// Jones, "Rapid object detection using a boosted cascade of simple features", 2001). A picture of about 500
/// pixels a side is enough. OpenCV is opened on first need. Throws Error(io) when it or its cascade
/// (Debian's opencv-data) is not installed.
PIAA_API std::vector<Box> find_heads(const Image& picture);

}  // namespace piaa
