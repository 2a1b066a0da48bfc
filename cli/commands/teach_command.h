#pragma once

#include <functional>
#include <iosfwd>

#include "feedback/candidate_photos.h"
#include "run/scorer.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// What `piaa-batch teach` is told.
struct TeachOptions {
    CandidateOptions candidates;
    ScorerOptions scorer;  ///< user: the profile that learns; made where there is none
    int port = 0;          ///< 0 for any free one
};

/// Adds `piaa-batch teach DIR --user me.pt`; `run` gets what it was told.
void add_teach_command(CLI::App& app, std::function<void(const TeachOptions&)> run);

/// Looks at the photos, then serves the page until it is interrupted. Returns an ExitCode.
int run_teach(const TeachOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
