#pragma once

#include <string>

#include <piaa/image.h>

namespace piaa::test {

/// A DNG file as a camera makes it: sensor pixels (RGGB, 16 bits, linear) in a sub-directory, and an embedded
/// JPEG preview, which may be empty. orientation: EXIF 1, 3, 6 or 8; the picture is as the sensor saw it.
std::string dng_bytes(const Image& picture, const std::string& preview_jpeg, Size preview,
                      int orientation = 1);

}  // namespace piaa::test
