#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>

#include <boost/filesystem/path.hpp>

#include "feedback/candidate_photos.h"
#include "run/scorer.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct RateOptions {
    CandidateOptions candidates;
    ScorerOptions scorer;  ///< with a profile, the questions go on from what is known
    boost::filesystem::path output;
    std::size_t count = 30;  ///< photos on the page
};

/// Adds "piaa-batch rate"; run is called with the parsed options.
void add_rate_command(CLI::App& app, std::function<void(const RateOptions&)> run);

/// Writes a page on which a person rates photos of the folder: 70 % that tell most about taste, 30 % that are
/// likely good. Messages go to err. Returns an ExitCode.
int run_rate(const RateOptions& options, std::ostream& err);

}  // namespace piaa::cli
