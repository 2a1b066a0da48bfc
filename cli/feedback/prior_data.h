#pragma once

#include <piaa/model.h>
#include <piaa/research/train_prior.h>

#include "feedback/rated_photos.h"

namespace piaa::cli {

/// Many people's ratings and the features of the rated photos, each with what a generic score learned from
/// the other groups says of it. Throws as read_rated_photos() and read_features().
PriorData read_prior_data(const Model& model, const RatedPhotosOptions& rated, const FeatureRun& run);

}  // namespace piaa::cli
