#pragma once

#include <Eigen/Dense>
#include <optional>

#include <piaa/profile.h>

#include "taste/learner.h"

namespace piaa {

/// Each rating predicted from the others (for methods without a closed form, each tenth from the other nine),
/// on the ratings' scale but for a constant. Nothing for fewer than five ratings or when all are equal.
std::optional<Eigen::VectorXd> held_out_predictions(const Learner& learner, const Prior& prior,
                                                    const Observations& observations,
                                                    const AdaptOptions& options,
                                                    const PersonalPredictor& predictor);

/// How well these agree with the ratings.
Agreement held_out_agreement(const Observations& observations, const PersonalPredictor& predictor,
                             const Eigen::VectorXd& personal);

/// What ten more ratings of photos like those rated would likely add to the rank correlation on photos not
/// rated, as far as the model's own uncertainty tells. 0 for a predictor without covariance.
double gain_of_ten_more(const Prior& prior, const Observations& observations,
                        const PersonalPredictor& predictor);

}  // namespace piaa
