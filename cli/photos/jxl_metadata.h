#pragma once

#include <cstddef>
#include <span>

#include "photos/image_file.h"

namespace piaa::cli {

/// EXIF and XMP of a JPEG XL file, also where they are compressed, as cjxl writes them. Nothing for a bare
/// codestream. A part that is there and damaged is text that is no metadata, so that nobody takes it for
/// missing.
MetadataBlocks metadata_in_jxl(std::span<const std::byte> file);

}  // namespace piaa::cli
