#pragma once

#include <cstdint>
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

struct TrainCropOptions {
    PhotoRunOptions photos;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    std::uint64_t seed = 1;            ///< of the windows' places
    std::vector<double> weights;       ///< of the stage maps; empty: learned
    boost::filesystem::path subjects;  ///< a folder of masks, NAME.png after each photo; may be empty
    boost::filesystem::path heads;     ///< a table of heads' boxes; may be empty
    boost::filesystem::path output;    ///< crop.safetensors, extended if it is there
};

/// Adds "crop" to "piaa-batch train".
void add_train_crop(CLI::App& train, std::function<void(const TrainCropOptions&)> run);

/// Writes the crop head. Returns an ExitCode.
int run_train_crop(const TrainCropOptions& options, std::ostream& err);

}  // namespace piaa::cli
