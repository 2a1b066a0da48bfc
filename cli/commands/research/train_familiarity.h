#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include "console/terminal.h"
#include "feedback/rated_photos.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainFamiliarityOptions {
    RatedPhotosOptions rated;
    std::string kind_column;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    boost::filesystem::path output;  ///< familiarity.safetensors, extended if it is there
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
    CacheOptions cache;
};

/// Adds "familiarity" to "piaa-batch train".
void add_train_familiarity(CLI::App& train, std::function<void(const TrainFamiliarityOptions&)> run);

/// Writes the file and, to out, a table of errors and stated spreads. Returns an ExitCode.
int run_train_familiarity(const TrainFamiliarityOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
