#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/train_blg.h>

#include "rated_photos.h"
#include "terminal.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainBlgCommandOptions {
    RatedPhotosOptions rated;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    boost::filesystem::path prior;  ///< empty for the model's own
    boost::filesystem::path output;
    TrainBlgOptions blg;
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "blg" to "piaa-batch train".
void add_train_blg(CLI::App& train, std::function<void(const TrainBlgCommandOptions&)> run);

/// Writes the meta-learned head. Returns an ExitCode.
int run_train_blg(const TrainBlgCommandOptions& options, std::ostream& err);

}  // namespace piaa::cli
