#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <piaa/research/train_network.h>

#include "feedback/rated_photos.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainGenericOptions;

/// How `train generic` goes on after its closed form: by training the network itself.
struct TrainNetworkOptions {
    std::optional<Trained> trained;  ///< nothing: the closed form alone
    NetworkTrainingOptions training;
    /// Numeric columns of the table of --groups that are learned beside the ratings; empty: the hand-made
    /// attributes.
    std::vector<std::string> attribute_columns;
    std::string category_column;  ///< of the same table
    int validation_fold = 0;      ///< which fold is held out and measured; -1: learn from all photos
};

/// --trainable, --epochs and what else belongs to it.
void add_train_network_options(CLI::App& command, TrainNetworkOptions& options);

/// Throws Error(bad_argument or bad_data) for options and tables that do not go together: before any photo is
/// read.
void check_train_network(const TrainGenericOptions& options);

/// Trains the network of `model` from the head that the closed form gives on the photos not held out, with a
/// line per epoch and the held-out metrics on `out`; writes the model. Returns whether every photo could be
/// read. After an interruption throws Error(cancelled), which says how to go on.
bool train_network(const TrainGenericOptions& options, const Model& model, const RatedPhotos& photos,
                   const RatingsTable& ratings, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
