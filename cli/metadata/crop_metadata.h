#pragma once

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// Gives a crop what libvips' writers leave behind: the Exif and IPTC of a TIFF photo, and these and the XMP
/// of a camera's RAW file. What speaks of the pixels (sizes, places, previews, how to develop them) stays
/// behind, and the orientation is 1. A photo whose metadata cannot be read gives none; the crop's pixels stay
/// the same.
void carry_metadata(const boost::filesystem::path& photo, const boost::filesystem::path& crop);

}  // namespace piaa::cli
