#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/error.h>

namespace piaa::cli {

/// digiKam's number of a colour label ("Green" is 4), by the names that Lightroom, darktable and digiKam give
/// them; nothing for another name.
std::optional<std::string> digikam_colour(const std::string& label);

/// What people set on a photo in other programs beside its rating. What `score --xmp` set and nobody changed
/// does not count.
struct PhotoMarks {
    bool labelled = false;  ///< with a colour: xmp:Label, digiKam:ColorLabel or darktable:colorlabels
    bool picked = false;    ///< digiKam's flag: rejected, pending or accepted
    /// What could not be read and may hold marks: one sentence that names the file.
    std::optional<Error> unread;
};

/// Of all files and sidecars of the photo.
PhotoMarks read_marks(const boost::filesystem::path& photo);

}  // namespace piaa::cli
