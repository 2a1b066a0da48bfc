#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/research/train_blg.h>

#include "commands/research/personal_networks.h"
#include "console/terminal.h"
#include "feedback/rated_photos.h"

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
    PersonalNetworksOptions networks;  ///< meta-train a network in place of a head on feature rows
    double backbone_rate = 1e-4;       ///< of its inner Adam, beside blg.learning_rate for its head
    int most_people = 0;
    bool second_order = false;
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "blg" to "piaa-batch train".
void add_train_blg(CLI::App& train, std::function<void(const TrainBlgCommandOptions&)> run);

/// Writes the meta-learned head. Returns an ExitCode.
int run_train_blg(const TrainBlgCommandOptions& options, std::ostream& err);

}  // namespace piaa::cli
