#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "console/terminal.h"
#include "feedback/rated_photos.h"
#include "run/cache_options.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct EvaluateGenericOptions {
    RatedPhotosOptions rated;
    std::string model;       ///< a shipped model's name or a file; empty for the default one
    std::string train_only;  ///< COLUMN=VALUE,VALUE: the photos baselines learn from; empty for no baselines
    std::vector<boost::filesystem::path> style;  ///< priors with a style network, measured beside the model
    bool conventional = false;  ///< baselines from before deep networks too; needs OpenCV's module
    bool json = false;
    boost::filesystem::path output;  ///< empty: standard output
    int jobs = 0;
    CacheOptions cache;
    bool quiet = false;
    std::string device = "auto";
    Terminal terminal;
};

/// Adds "generic" to "piaa-batch evaluate".
void add_evaluate_generic(CLI::App& evaluate, std::function<void(const EvaluateGenericOptions&)> run);

/// Writes the metrics of the model, and of the baselines with what the model gains over each, to out. Returns
/// an ExitCode.
int run_evaluate_generic(const EvaluateGenericOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
