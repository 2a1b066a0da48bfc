#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/error.h>

namespace piaa::cli {

/// The stars that somebody gave a photo in another program: xmp:Rating from a sidecar beside it (beach.xmp or
/// beach.jpg.xmp) or, where there is none, from the photo itself. 1 to 5 stars; -1 for a photo marked as
/// rejected; nothing when it was not rated (0 stars count as not rated, and
/// so do those that `score --xmp` wrote and nobody changed).
///
/// Throws Error(bad_data), naming the file, when its metadata is damaged, and Error(io) when it cannot be
/// read. Pixels are not decoded.
std::optional<int> find_stars(const boost::filesystem::path& photo);

/// Whether the photo itself, not its sidecar, holds a rating in any form, even of 0 stars. True as well when
/// its metadata cannot be read: then nobody knows. False for formats that hold no metadata.
bool holds_rating(const boost::filesystem::path& photo);

/// A photo and the stars it already has.
struct XmpRating {
    boost::filesystem::path photo;
    int stars = 0;  ///< 1 to 5
};

struct XmpRatings {
    std::vector<XmpRating> ratings;  ///< in path order
    std::size_t rejected = 0;        ///< photos marked as rejected: no stars, so left out
    std::size_t unrated = 0;
    std::vector<Error> errors;  ///< one sentence each, for photos whose metadata is damaged
};

/// The stars of all photos in a folder and below it.
XmpRatings find_stars_below(const boost::filesystem::path& folder);

}  // namespace piaa::cli
