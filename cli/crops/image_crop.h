#pragma once

#include <optional>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>

namespace piaa::cli {

/// Cuts a box out of a photo at full quality and writes it to `to`, in the format its suffix names: the box
/// is in pixels after orientation, which is applied; colour profile and metadata are kept; the crop is
/// brought to `size` when one is given. With an angle
/// the box is in pixels of the frame that is turned clockwise by it on the photo (piaa/level.h), and the crop
/// is level. The file is whole or not there.
/// Throws Error(bad_image) or Error(io) with the photo's name.
void write_crop(const boost::filesystem::path& photo, const PixelBox& box, std::optional<Size> size,
                const boost::filesystem::path& to, double angle = 0);

/// The suffix under which a crop of this photo is written: its own where libvips writes that format, ".jpg"
/// or, for formats without loss, ".png" elsewhere.
std::string crop_suffix(const boost::filesystem::path& photo);

/// How the file says that its picture is turned: 1 to 8 as in Exif, 1 for not at all. Throws as write_crop().
int read_orientation(const boost::filesystem::path& photo);

enum class SmartCrop { attention, entropy };

/// What libvips' own smart crop keeps of a photo when both sides shrink to `share`; the baseline in
/// evaluations.
PixelBox smart_crop(const boost::filesystem::path& photo, double share, SmartCrop interest);

}  // namespace piaa::cli
