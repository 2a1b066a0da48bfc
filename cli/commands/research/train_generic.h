#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/train.h>

#include "commands/research/train_network.h"
#include "console/terminal.h"
#include "feedback/rated_photos.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// When the network sees a photo's mirror image beside the photo.
enum class MirrorUse { never, training, always };

/// What the recipe of models/README.md leaves open; the defaults are that recipe.
struct TrainGenericOptions {
    RatedPhotosOptions rated;
    boost::filesystem::path backbone;
    boost::filesystem::path output;  ///< the model file
    boost::filesystem::path report;  ///< what was done and how well, as JSON; may be empty
    std::string description = "what people in general like";
    BackboneOptions network;
    FeatureChoice features;
    MirrorUse mirror = MirrorUse::training;
    boost::filesystem::path teacher;  ///< a backbone or model file; empty for no distillation
    int teacher_side = 256;           ///< its input size
    boost::filesystem::path unrated;  ///< folder of photos for the teacher to label
    double teacher_weight = 0.3;
    double polish_weight = 0;  ///< see HeadPrior::deviation, of the network's polish
    int folds = 5;
    std::uint64_t seed = 1;
    bool full_precision = false;
    bool cross_validate = true;
    TrainNetworkOptions deep;  ///< whether the network itself learns
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "generic" to "piaa-batch train".
void add_train_generic(CLI::App& train, std::function<void(const TrainGenericOptions&)> run);

/// Writes the model, and the metrics of its cross-validation to out. Returns an ExitCode.
int run_train_generic(const TrainGenericOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
