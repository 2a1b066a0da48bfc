#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "run/photo_run.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainKindsOptions {
    PhotoRunOptions photos;  ///< its paths are of real photos
    std::string model;       ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    std::vector<std::string> graphics;
    std::vector<std::string> screenshots;
    boost::filesystem::path output;  ///< kinds.safetensors, extended if it is there
};

/// Adds "kinds" to "piaa-batch train".
void add_train_kinds(CLI::App& train, std::function<void(const TrainKindsOptions&)> run);

/// Writes the rules. Returns an ExitCode.
int run_train_kinds(const TrainKindsOptions& options, std::ostream& err);

}  // namespace piaa::cli
