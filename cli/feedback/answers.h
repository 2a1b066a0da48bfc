#pragma once

#include <iosfwd>

#include <boost/filesystem/path.hpp>

#include <piaa/questionnaire.h>

namespace piaa::cli {

/// The questionnaire as a CSV table to fill in: statement,answer.
void write_questions(std::ostream& out);

/// What the filled table comes to. Throws Error(bad_data) naming file, line and column of an answer that is
/// not from 1 to 5, and the statement that is missing.
Traits read_answers(const boost::filesystem::path& file);

}  // namespace piaa::cli
