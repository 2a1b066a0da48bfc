#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "console/terminal.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct EvaluateCropOptions {
    boost::filesystem::path images;  ///< folder that the names in the table are relative to
    /// CSV: image,x,y,w,h in pixels and, for grids of scored crops, score; a photo whose boxes all
    /// have one is a grid.
    boost::filesystem::path crops;
    /// Profiles: instead of people's boxes, whether crops to their taste are better to them.
    std::vector<boost::filesystem::path> users;
    boost::filesystem::path prior;  ///< of the profiles; empty for the one shipped with their model
    std::string model;              ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    std::uint64_t seed = 1;  ///< of the random crops
    bool json = false;
    boost::filesystem::path output;  ///< empty: standard output
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "crop" to "piaa-batch evaluate".
void add_evaluate_crop(CLI::App& evaluate, std::function<void(const EvaluateCropOptions&)> run);

/// Writes the metrics of the crops found, beside those of every baseline. Returns an ExitCode.
int run_evaluate_crop(const EvaluateCropOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
