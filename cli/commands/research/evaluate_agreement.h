#pragma once

#include <functional>
#include <iosfwd>

#include <boost/filesystem/path.hpp>

#include "feedback/rated_photos.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct EvaluateAgreementOptions {
    RatedPhotosOptions rated;  ///< its images and groups are not used
    bool json = false;
    boost::filesystem::path output;  ///< empty: standard output
};

/// Adds "agreement" to "piaa-batch evaluate".
void add_evaluate_agreement(CLI::App& evaluate, std::function<void(const EvaluateAgreementOptions&)> run);

/// Writes what people share in judging photos and what is each one's own; JSON has every rater and photo.
/// Returns an ExitCode.
int run_evaluate_agreement(const EvaluateAgreementOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
