#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include "run/photo_run.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainPlacesOptions {
    PhotoRunOptions photos;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    int pairs = 4;                   ///< parts of each photo that are blurred
    boost::filesystem::path output;  ///< places.safetensors, extended if it is there
};

/// Adds "places" to "piaa-batch train".
void add_train_places(CLI::App& train, std::function<void(const TrainPlacesOptions&)> run);

/// Writes the file. Returns an ExitCode.
int run_train_places(const TrainPlacesOptions& options, std::ostream& err);

}  // namespace piaa::cli
