#pragma once

#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>

namespace piaa::cli {

/// The crops of one photo in one format.
struct FormatCrops {
    std::string format;  ///< "square", "4:5", "free"
    CropResult result;
};

struct CropXmpOptions {
    /// Also the best crop of the first format as crs: values, which Lightroom and Camera Raw apply.
    bool camera_raw = false;
    bool force = false;  ///< replace crs: values of a crop that is there
};

/// Writes the crops into the photo's XMP sidecar as IPTC Image Regions with the role "recommended cropping";
/// those of an earlier run are replaced, everything else in the sidecar stays. Gives the sidecar.
/// Throws Error(bad_data) for a sidecar that is none or has crs: values of another crop, Error(io) when it
/// cannot be written, and as read_orientation() does.
boost::filesystem::path write_crop_xmp(const boost::filesystem::path& photo, Size size,
                                       const std::vector<FormatCrops>& crops, const CropXmpOptions& options);

/// The box as it lies in the file, before its orientation (Exif, 1 to 8) is applied.
Box before_orientation(const Box& upright, int orientation);

}  // namespace piaa::cli
