#pragma once

#include <cstddef>
#include <string>

#include "photos/photo_list.h"

namespace piaa::cli {

/// What the lines of a list look like.
struct LineForm {
    bool nul_separated =
        false;          ///< paths ended by NUL, of any bytes, and nothing else; empty ones are passed over
    bool keys = false;  ///< KEY, a tab, then the path
    bool urls = false;  ///< objects may have a url
};

/// What one line of a list says. number: of the line, from 1, for Photo::problem. A CR at the end of a line
/// and a byte order mark at the start of the first are not part of it, except where NUL separates paths.
Photo photo_of_line(std::string line, const LineForm& form, std::size_t number);

/// The photos of a list that arrives on a descriptor, one for each line and as it comes, so that each line
/// can be answered. A line is a path or, where it starts with "{", a JSON object:
///
///   id        the caller's own key, text or a number
///   path      the photo
///   base64    the photo's bytes, in place of reading the path, which then is a mere name
///   url       where to fetch them, for those who do
///   profile   a person's profile, in place of the run's
///
/// What a line lacks or has too much becomes Photo::problem, with the line's number. Ends at the end of the
/// file, or as soon as `wake`, another descriptor, becomes readable.
PhotoSource photo_lines(int descriptor, const LineForm& form, int wake = -1);

}  // namespace piaa::cli
