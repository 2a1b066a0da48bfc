#pragma once

#include <Eigen/Dense>
#include <string>
#include <vector>

#include <piaa/adapt.h>

#include "taste/kernel_expansion.h"
#include "taste/posterior.h"

namespace piaa {

/// A linear scorer of one person: rating = weights . x, see Prior.
struct PersonalPredictor {
    Eigen::VectorXd weights;
    Eigen::MatrixXd covariance;  ///< of the weights; empty for a method that has none
    double gate = 1;             ///< 0: return the generic score, 1: the predictor speaks alone
    double noise = 0;            ///< variance of a rating around the predictor
    /// What the predictor would predict for each rating had it not been given, without the constant, which
    /// moves all photos alike; empty for a method that cannot tell without learning again.
    Eigen::VectorXd leave_one_out = {};
    KernelExpansion expansion = {};  ///< added to the weighted sum
};

/// A method of learning, by name.
struct Learner {
    std::string name;
    bool takes_comparisons = false;
    PersonalPredictor (*learn)(const Prior& prior, const Observations& observations,
                               const AdaptOptions& options) = nullptr;
    ContentFeatures content =
        nullptr;  ///< how Observations::content sees a photo; none for methods without a KernelExpansion
};

/// All methods, in the order people read them.
const std::vector<Learner>& learners();

/// Throws Error(bad_argument) listing the names there are.
const Learner& find_learner(const std::string& name);

NormalDistribution weight_prior(const Prior& prior);

/// The predictor that says what people in general say.
Eigen::VectorXd generic_weights(const Prior& prior);

PersonalPredictor learn_auto(const Prior& prior, const Observations& observations,
                             const AdaptOptions& options);
/// What "auto" does before its second stage: the posterior under the prior, with the gate.
PersonalPredictor learn_first_stage(const Prior& prior, const Observations& observations);
PersonalPredictor learn_ridge(const Prior& prior, const Observations& observations,
                              const AdaptOptions& options);
PersonalPredictor learn_residual(const Prior& prior, const Observations& observations,
                                 const AdaptOptions& options);
PersonalPredictor learn_finetune(const Prior& prior, const Observations& observations,
                                 const AdaptOptions& options);
PersonalPredictor learn_pa(const Prior& prior, const Observations& observations, const AdaptOptions& options);
/// The axes of a photo times its attributes (in deviations), axis by axis: what "pa-image" weighs.
Eigen::VectorXd axes_by_attributes(const Prior& prior, std::span<const float> row);
PersonalPredictor learn_pa_image(const Prior& prior, const Observations& observations,
                                 const AdaptOptions& options);
PersonalPredictor learn_mt(const Prior& prior, const Observations& observations, const AdaptOptions& options);
PersonalPredictor learn_pam(const Prior& prior, const Observations& observations,
                            const AdaptOptions& options);
PersonalPredictor learn_fpmf(const Prior& prior, const Observations& observations,
                             const AdaptOptions& options);
PersonalPredictor learn_blg(const Prior& prior, const Observations& observations,
                            const AdaptOptions& options);

}  // namespace piaa
