#pragma once

#include <iosfwd>

#include <boost/filesystem/path.hpp>

#include "feedback/named_feedback.h"

namespace piaa::cli {

/// Columns shown and chosen: a row is one showing, with the pictures that were shown together and those that
/// were chosen of them, several parted by "|". Pictures are named as PictureName says, by the ids of rows;
/// one that is named twice, as the same crop of two templates, counts once.
///
/// Each chosen picture is preferred to each that was not. These comparisons are a part of the order that
/// somebody has in mind, which they hold only together: of n pictures shown each weighs 2 / n, as
/// UserProfile::add_order() weighs those of a whole order. A line that says nothing (fewer than two shown,
/// none or all of them chosen) or contradicts itself is refused with a sentence on messages.
NamedFeedbackList read_choices(const boost::filesystem::path& file, std::ostream& messages);

}  // namespace piaa::cli
