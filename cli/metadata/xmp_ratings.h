#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/error.h>

namespace piaa::cli {

/// What people said of a photo in other programs.
struct PhotoRating {
    std::optional<int> stars;        ///< 1 to 5; -1 for a photo marked as rejected; nothing for one not rated
    boost::filesystem::path source;  ///< the file that says so
    bool from_darktable = false;     ///< it carries the marks of darktable
    bool taken_back = false;         ///< not rated, because somebody took away stars that came from here
    /// What could not be read and may hold a rating: one sentence that names the file. Then there are no
    /// stars, and the photo is neither to be learned from nor to be rated anew.
    std::optional<Error> unread;

    bool maybe_rated() const { return stars.has_value() || unread.has_value(); }
};

/// The rating of a photo. RAW, JPEG and HEIC of one name are one photo with one rating. The first of these
/// that names 1 to 5 stars or a rejection counts:
///
///   1. the file's sidecars: beach.jpg.xmp, beach.xmp (.XMP); of a link, then those of what it leads to
///   2. RawTherapee's and ART's rank: beach.jpg.pp3, beach.jpg.arp; what lies in their trash is rejected
///   3. the file itself, unless one of its XMP sidecars says 0 stars: that takes an older rating back
///   4. the same of the photo's other files: JPEG, HEIC, RAW
///
/// Within a file xmp:Rating comes before MicrosoftPhoto:Rating (percent: 1, 25, 50, 75, 99), acdsee:rating,
/// Exif 0x4746 and 0x4749 (percent). 0 or nothing is "not rated", as cameras write it into every file, and so
/// are stars that `score --xmp` wrote and nobody changed.
///
/// Throws Error(io) when the photo is no file. Pixels are not decoded.
PhotoRating read_rating(const boost::filesystem::path& photo);

/// The stars of read_rating(). Throws Error(bad_data) as well, naming the file that may hold a rating and
/// cannot be read.
std::optional<int> find_stars(const boost::filesystem::path& photo);

/// A photo and the stars it already has.
struct XmpRating {
    boost::filesystem::path photo;
    int stars = 0;  ///< 1 to 5
    bool from_darktable = false;
};

struct XmpRatings {
    std::vector<XmpRating> ratings;  ///< in path order
    std::size_t rejected = 0;        ///< photos marked as rejected: no stars, so left out
    std::size_t unrated = 0;
    std::vector<Error> errors;  ///< one sentence each, for photos whose metadata is damaged
};

/// The stars of all photos in a folder and below it.
XmpRatings find_stars_below(const boost::filesystem::path& folder);

/// darktable gives every photo that nobody rated one star, unless its setting says otherwise. How many of the
/// ratings look like that: 0 unless at least half are one star in files with darktable's marks.
std::size_t default_stars_of_darktable(const XmpRatings& found);

}  // namespace piaa::cli
