#pragma once

#include <optional>

#include "photos/photo_list.h"

namespace piaa::cli {

/// What a camera noted when it took a photo.
struct CaptureFacts {
    /// Seconds since 1970, with their fractions: by the camera's clock, or in UTC where its offset is noted.
    /// DateTimeOriginal, else DateTimeDigitized, DateTime, and what XMP says.
    std::optional<double> time;
    std::optional<double> exposure;  ///< stops: log2 of time * sensitivity / aperture squared
};

/// Reads the EXIF and XMP in a photo's bytes or else its file; nothing of what is missing, out of range or
/// damaged. Pixels are not decoded.
CaptureFacts capture_facts(const Photo& photo);

}  // namespace piaa::cli
