#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// Gives the bytes of a crop what libvips' writers leave behind: the Exif and IPTC of a TIFF photo, and these
/// and the XMP of a camera's RAW file. What speaks of the pixels (sizes, places, previews, how to develop
/// them) stays behind, and the orientation is 1. A photo whose metadata cannot be read gives none; the crop's
/// pixels stay the same.
std::string with_metadata(const boost::filesystem::path& photo, std::string crop);

/// Of a photo's XMP what is true of a crop of it: no regions, no crop and no settings still to be applied, no
/// video, gain map, depth or second picture, no sphere. Nothing when nothing is left, and for a packet that
/// cannot be read, because nobody knows what it says.
std::optional<std::string> xmp_of_crop(std::string_view packet);

}  // namespace piaa::cli
