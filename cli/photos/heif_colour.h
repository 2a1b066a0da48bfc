#pragma once

#include <cstddef>
#include <span>

#include "photos/picture_colour.h"

namespace piaa::cli {

/// What the primary picture's "nclx" box says, else, where there is no ICC profile either, the bitstream of
/// a HEIC file. The usual light for a damaged file.
PictureColour heif_colour(std::span<const std::byte> file);

}  // namespace piaa::cli
