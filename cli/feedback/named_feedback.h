#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/ratings_table.h>

namespace piaa::cli {

/// One thing a person said of photos, by file name.
struct NamedFeedback {
    std::string photo;      ///< rated, or preferred
    std::string other;      ///< the photo that lost; empty for a rating
    double value = 0;       ///< rating: 0 lowest to 1 highest of the scale; comparison: its weight
    std::string line = {};  ///< where it was said, "pairs.csv line 3"; empty where that is not told
};

/// What could be read, and how many lines could not.
struct NamedFeedbackList {
    std::vector<NamedFeedback> all;
    std::size_t refused = 0;
};

/// Columns image and rating. A line that cannot be used (no name, no number, outside the scale) is refused
/// with a sentence on messages and the others are taken. Throws Error(bad_data) for a table without these
/// columns, or with the ratings of several people (a column rater with more than one name).
NamedFeedbackList read_ratings_of_one(const boost::filesystem::path& file, const RatingScale& scale,
                                      std::ostream& messages);

/// Columns winner and loser, read in the same way.
NamedFeedbackList read_comparisons(const boost::filesystem::path& file, std::ostream& messages);

/// What of the stars in photos is to be taken for an opinion.
struct StarOptions {
    std::optional<int> ignored;  ///< as many stars are nobody's opinion
    bool accept_ones = false;    ///< one star is one, although darktable gives it by itself
};

/// The stars that other programs left in the photos of a folder, and of all below it; names are full paths.
/// Photos whose metadata is damaged are refused with a sentence each.
///
/// Throws Error(bad_argument), naming the options that help, when at least half of the ratings look like the
/// one star that darktable gives to every photo.
NamedFeedbackList feedback_in_xmp(const boost::filesystem::path& folder, const StarOptions& options,
                                  std::ostream& messages);

}  // namespace piaa::cli
