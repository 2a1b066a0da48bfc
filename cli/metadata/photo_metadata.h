#pragma once

#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>
#include <exiv2/exiv2.hpp>

#include <piaa/error.h>

namespace piaa::cli {

/// What a file says of a photo: the one reader behind ratings and capture times.
struct PhotoMetadata {
    Exiv2::ExifData exif;
    Exiv2::XmpData xmp;
    /// Why XMP that is there could not be decoded; nothing where all was read.
    std::optional<std::string> unread;

    /// A value as text; nothing where the key is not there or has no value.
    std::optional<std::string> in_xmp(const char* key) const;
    std::optional<std::string> in_exif(const char* key) const;
    /// Whether darktable made or exported the file.
    bool has_marks_of_darktable() const;
};

/// What stands inside a photo. Formats without metadata say nothing. HEIC and JPEG XL that exiv2 cannot read
/// are read through libvips, GIF by our own reader. Never throws for what a file holds: damage is `unread`.
PhotoMetadata metadata_inside(const boost::filesystem::path& photo);

/// An error of a file's metadata, which names the file once.
Error error_in(const boost::filesystem::path& file, const std::string& reason);

/// What stands in a sidecar, whatever its root element. Damage, and more than 16 MB, are `unread`.
PhotoMetadata metadata_of_sidecar(const boost::filesystem::path& sidecar);

}  // namespace piaa::cli
