#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/personal_evaluation.h>
#include <piaa/research/personal_network.h>

#include "feedback/rated_photos.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// Networks that learn one person after the other: what `train blg` and `evaluate personal` share.
struct PersonalNetworksOptions {
    std::optional<Trained> trained;  ///< nothing: no network learns
    boost::filesystem::path
        backbone;          ///< a network with its classifier, for the mlp head; empty: the model's
    int input_size = 224;  ///< of that backbone, squashed
    PersonalNetworkOptions network;
};

/// --trainable, --last-stages, --backbone, --input-size.
void add_personal_networks_options(CLI::App& command, PersonalNetworksOptions& options);

/// A network of `model` or of the backbone, ready for the named photos.
PersonalNetwork make_personal_network(const PersonalNetworksOptions& options, const Model& model,
                                      const RatingScale& scale, const boost::filesystem::path& folder,
                                      const std::vector<std::string>& names, const FeatureRun& run);

/// "finetune-PART" from the generic model and, with the file of `train blg --trainable PART`, "blg-PART".
std::vector<PhotoMethod> network_methods(const PersonalNetworksOptions& options,
                                         const boost::filesystem::path& blg_network, const Model& model,
                                         const RatingScale& scale, const boost::filesystem::path& folder,
                                         const std::vector<std::string>& names, const FeatureRun& run);

}  // namespace piaa::cli
