#pragma once

#include <Eigen/Core>
#include <vector>

#include <piaa/features.h>
#include <piaa/model.h>

#include "model/token_reading.h"

namespace piaa {

/// A linear rule as a TokenReading of at most rank 64: the directions that explain most of what it says.
/// rule: channels x numbers, where each number counts by its scale; said: the sums of products of what it
/// says of all photos, numbers x numbers.
TokenReading low_rank_reading(const Eigen::MatrixXd& rule, const Eigen::MatrixXd& said,
                              const Eigen::VectorXd& scale);

/// How the class tokens follow the mean over the patches' tokens in these photos: ridge regression, each
/// number's penalty from the folds, then the directions that explain most. Empty for a model without class
/// tokens.
TokenReading fit_token_reading(const Model& model, const std::vector<Features>& photos,
                               const std::vector<int>& folds);

}  // namespace piaa
