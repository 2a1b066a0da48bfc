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

class UndoLog;

struct CropXmpOptions {
    /// Also the best crop of the first format as crs: values, which Lightroom and Camera Raw apply.
    bool camera_raw = false;
    bool force = false;      ///< replace crs: values of a crop that is there
    double angle = 0;        ///< degrees that the frame in which crops lie is turned clockwise on the photo
    UndoLog* log = nullptr;  ///< told of each sidecar before it is written
};

/// Writes the crops into the photo's XMP sidecar as IPTC Image Regions with the role "recommended cropping",
/// rectangles, or polygons where the photo was levelled; size: the photo's;
/// those of an earlier run are replaced, everything else in the sidecar stays. With crs: values a photo that
/// is a RAW file, or has one beside it, gets IMG.xmp, where Lightroom reads them, in the frame of the RAW
/// file. Gives the sidecar. Throws Error(bad_data) for a sidecar that is none, for crs: values of another
/// crop in it or in the photo itself, and for a RAW file of another shape than the picture, Error(io) when it
/// cannot be written, and as read_orientation() does.
boost::filesystem::path write_crop_xmp(const boost::filesystem::path& photo, Size size,
                                       const std::vector<FormatCrops>& crops, const CropXmpOptions& options);

/// Whether the sidecar is named a.xmp and the photo is no RAW file: darktable 4.2.1 misreads crs: values
/// there.
bool is_stem_sidecar_of_picture(const boost::filesystem::path& photo, const boost::filesystem::path& sidecar);

}  // namespace piaa::cli
