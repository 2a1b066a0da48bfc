#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/research/train_prior.h>

#include "console/terminal.h"
#include "feedback/rated_photos.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainPriorCommandOptions {
    RatedPhotosOptions rated;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    boost::filesystem::path output;
    TrainPriorOptions prior;
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "prior" to "piaa-batch train".
void add_train_prior(CLI::App& train, std::function<void(const TrainPriorCommandOptions&)> run);

/// Writes the prior. Returns an ExitCode.
int run_train_prior(const TrainPriorCommandOptions& options, std::ostream& err);

}  // namespace piaa::cli
