#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/research/personal_evaluation.h>

#include "commands/research/personal_networks.h"
#include "console/terminal.h"
#include "feedback/rated_photos.h"
#include "run/cache_options.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct EvaluatePersonalOptions {
    RatedPhotosOptions rated;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    boost::filesystem::path prior;        ///< empty for the model's own
    boost::filesystem::path blg;          ///< empty for the weights shipped beside the prior
    boost::filesystem::path pa;           ///< prior for the method pa; empty for the shipped one
    boost::filesystem::path mt;           ///< prior for the method mt; empty for the shipped one
    PersonalNetworksOptions networks;     ///< rows for networks that learn each person
    boost::filesystem::path blg_network;  ///< where "blg-PART" starts
    bool allow_seen = false;              ///< evaluate on photos of the training, and mark the result
    PersonalEvaluationOptions evaluation;
    bool teach = false;             ///< compare ways of asking instead of methods
    bool liked = false;             ///< compare liked photos with stars instead
    bool all_methods = false;       ///< leave out, with a line on err, those whose own weights are not there
    std::string protocol = "rest";  ///< or fixed, or a data set's own; the command sets the rest by it
    bool json = false;
    boost::filesystem::path output;  ///< empty: standard output
    int jobs = 0;
    CacheOptions cache;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "personal" to "piaa-batch evaluate".
void add_evaluate_personal(CLI::App& evaluate, std::function<void(const EvaluatePersonalOptions&)> run);

/// Writes a table, or {"results": [...], ...}. Returns an ExitCode.
int run_evaluate_personal(const EvaluatePersonalOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
