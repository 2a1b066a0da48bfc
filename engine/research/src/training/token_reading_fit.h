#pragma once

#include <vector>

#include <piaa/features.h>
#include <piaa/model.h>

#include "model/token_reading.h"

namespace piaa {

/// How the class tokens follow the mean over the patches' tokens in these photos: ridge regression, each
/// number's penalty from the folds, then the directions that explain most. Empty for a model without class
/// tokens.
TokenReading fit_token_reading(const Model& model, const std::vector<Features>& photos,
                               const std::vector<int>& folds);

}  // namespace piaa
