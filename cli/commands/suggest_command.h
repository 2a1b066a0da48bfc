#pragma once

#include <functional>
#include <iosfwd>
#include <optional>

#include "feedback/candidate_photos.h"
#include "report/report.h"
#include "run/scorer.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct SuggestOptions {
    CandidateOptions candidates;
    ScorerOptions scorer;  ///< with the profile that is to learn more
    std::size_t count = 10;
    std::optional<ReportFormat> format;  ///< none: a table on a terminal, CSV elsewhere
    boost::filesystem::path output;      ///< empty: standard output
};

/// Adds "piaa-batch suggest"; run is called with the parsed options.
void add_suggest_command(CLI::App& app, std::function<void(const SuggestOptions&)> run);

/// Writes a row for each photo of the folder that would be most useful to rate next, best question first.
/// Returns an ExitCode.
int run_suggest(const SuggestOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
