#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "photo_run.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainCropOptions {
    PhotoRunOptions photos;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    std::vector<int> stages{4, 6};   ///< which stage maps tell what stands out
    boost::filesystem::path output;  ///< crop.safetensors, extended if it is there
};

/// Adds "crop" to "piaa-batch train".
void add_train_crop(CLI::App& train, std::function<void(const TrainCropOptions&)> run);

/// Writes the crop head. Returns an ExitCode.
int run_train_crop(const TrainCropOptions& options, std::ostream& err);

}  // namespace piaa::cli
