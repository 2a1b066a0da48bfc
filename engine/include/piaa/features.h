#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <piaa/attributes.h>
#include <piaa/export.h>
#include <piaa/feature_map.h>
#include <piaa/flags.h>
#include <piaa/image.h>
#include <piaa/model.h>

namespace piaa {

/// All that later steps need of a photo: scores, learning, maps and crops come from here, so that a photo
/// is decoded once and the network runs once.
struct Features {
    std::string content_id;  ///< the photo's identity, see content_id()
    Size photo;              ///< pixels of the picture that was given
    Flags flags;
    Attributes attributes{};
    std::vector<float> pooled;     ///< channel mean then channel deviation of each stage, stage by stage
    std::vector<FeatureMap> maps;  ///< the stages themselves; empty unless asked for
    std::optional<Image> picture;  ///< the photo at no more than 512 pixels a side; comes with the maps
};

struct FeatureOptions {
    bool keep_maps = false;
};

/// One forward pass over each photo; results in the order given. Photos of any size from 1x1.
PIAA_API std::vector<Features> extract_features(const Model& model, std::span<const Image> images,
                                                const FeatureOptions& options = {});

/// The features with maps that are the mean over the photo and its mirror image, put back: for heatmaps,
/// which should not depend on what is left and what is right. One more forward pass, over features.picture,
/// where a photo's class tokens are told from its maps; else the features as they are. All but the maps
/// stays. features: of `model`, with maps. Throws Error(bad_argument) otherwise.
PIAA_API Features seen_both_ways(const Model& model, Features features);

/// The smallest picture from which the model scores as from the full photo: decoders may shrink to this
/// size or above, never below. `photo` is the size in pixels after orientation.
PIAA_API Size decode_size(const Model& model, Size photo);

}  // namespace piaa
