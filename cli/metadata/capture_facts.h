#pragma once

#include <optional>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// What a camera noted when it took a photo.
struct CaptureFacts {
    std::optional<double> time;      ///< seconds since 1970 by the camera's clock, with its fractions
    std::optional<double> exposure;  ///< stops: log2 of time * sensitivity / aperture squared
};

/// Reads a photo's EXIF; nothing of what is missing, out of range or damaged. Pixels are not decoded.
CaptureFacts capture_facts(const boost::filesystem::path& photo);

}  // namespace piaa::cli
