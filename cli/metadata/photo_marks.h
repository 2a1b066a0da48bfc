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

/// What a note of ours (piaa:Rating, piaa:Label, piaa:Pick) says once somebody changed what it is about: what
/// stands there, also nothing, is theirs. No label has a comma.
constexpr const char* changed_by_hand = "changed, by hand";

/// Whether xmp:Label and digiKam:ColorLabel are as the note of our label (piaa:Label) says.
bool is_label_of_ours(const std::string& ours, const std::optional<std::string>& label,
                      const std::optional<std::string>& colour);

/// What people set on a photo in other programs beside its rating. What `score --xmp` set and nobody changed
/// does not count; what somebody took away of it does.
struct PhotoMarks {
    bool labelled = false;  ///< with a colour: xmp:Label, digiKam:ColorLabel or darktable:colorlabels
    bool picked = false;    ///< digiKam's flag: rejected, pending or accepted
    /// What could not be read and may hold marks: one sentence that names the file.
    std::optional<Error> unread;
};

/// Of all files and sidecars of the photo.
PhotoMarks read_marks(const boost::filesystem::path& photo);

}  // namespace piaa::cli
