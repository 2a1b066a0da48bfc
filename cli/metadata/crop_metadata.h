#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/filesystem/path.hpp>

#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa::cli {

/// Where a crop lies in its photo.
struct CropPlace {
    Size stored;          ///< pixels of the photo as its file holds them
    int orientation = 1;  ///< Exif, 1 to 8, of the photo; the crop is upright
    Box upright;          ///< the crop, in shares of the photo as people see it, or of the frame
    Size pixels;          ///< of the crop
    double angle = 0;     ///< degrees that the frame is turned clockwise on the photo (piaa/level.h)
};

/// Gives the bytes of a crop what libvips' writers leave behind: the Exif and IPTC of a TIFF photo, and these
/// and the XMP of a camera's RAW file. What speaks of the pixels (sizes, places, previews, how to develop
/// them) stays behind, and the orientation is 1. A photo whose metadata cannot be read gives none; the crop's
/// pixels stay the same.
std::string with_metadata(const boost::filesystem::path& photo, std::string crop);

/// Of a photo's XMP what is true of a crop of it: regions moved into it (add_regions()), no crop and no
/// settings still to be applied, no video, gain map, depth or second picture, no sphere. Nothing when nothing
/// is left, and for a packet that cannot be read, because nobody knows what it says.
std::optional<std::string> xmp_of_crop(std::string_view packet, const CropPlace& place);

}  // namespace piaa::cli
