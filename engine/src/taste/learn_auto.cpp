#include <algorithm>

#include "taste/gp_residual.h"
#include "taste/learner.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The same observations, seen by someone who knows nothing but the generic score.
Posterior learn_offset_and_slope(const Prior& prior, const Observations& observations) {
    const NormalDistribution full = weight_prior(prior);
    const Index directions = full.mean.size() - 2;
    // What the taste directions bring looks like noise from here.
    const MatrixXd taste = observations.rated.rightCols(directions);
    const double hidden =
        taste.rows() == 0
            ? 0
            : (taste * full.covariance.bottomRightCorner(directions, directions)).cwiseProduct(taste).sum() /
                  static_cast<double>(taste.rows());
    Observations plain = observations;
    plain.rated = observations.rated.leftCols(2);
    plain.differences = observations.differences.leftCols(2);
    return learn_weights({full.mean.head(2), full.covariance.topLeftCorner(2, 2)}, prior.noise() + hidden,
                         plain);
}

/// The never-worse gate: how much of the step from the generic to the personal prediction the ratings
/// support when each is predicted from the others. Least squares, with 1 as what is expected beforehand.
double gate(const Prior& prior, const Posterior& personal, const Posterior& generic) {
    const double expected = 1 / (prior.gate_deviation() * prior.gate_deviation());
    double supported = expected;
    double possible = expected;
    for (Index i = 0; i < personal.leave_one_out.size(); ++i) {
        const double step = personal.leave_one_out[i] - generic.leave_one_out[i];
        const double residual = personal.observed[i] - generic.leave_one_out[i];
        supported += step * residual / personal.variance[i];
        possible += step * step / personal.variance[i];
    }
    return std::clamp(supported / possible, 0.0, 1.0);
}

/// How far this person's ratings stray from their taste: what is usual on photos not learned from, as if seen
/// in so many ratings, and how far the ratings lie from what the others predict, beyond the uncertainty of
/// those predictions. The constants were found on people and photos held out of OASIS subsets 1 and 2.
double personal_noise(const Prior& prior, const Posterior& personal, Index ratings) {
    constexpr double usual = 10;
    constexpr double unseen = 1.25;  // the prior's own photos are told a little too well
    constexpr double least = 0.25;   // nobody is known to be four times as exact as usual
    const double residual = (personal.observed - personal.leave_one_out).head(ratings).squaredNorm() -
                            personal.leave_one_out_variance.head(ratings).sum();
    const double expected = unseen * prior.noise();
    return std::max(least * expected, (usual * expected + residual) / (usual + static_cast<double>(ratings)));
}

/// Whether there is an order to learn from.
bool says_something(const Observations& observations) {
    return observations.differences.rows() > 0 ||
           (observations.ratings.size() > 1 &&
            observations.ratings.maxCoeff() > observations.ratings.minCoeff());
}

/// Closed form under the prior, and the posterior it comes from.
struct FirstStage {
    Posterior posterior;
    PersonalPredictor predictor;
};

FirstStage learn_both(const Prior& prior, const Observations& observations) {
    FirstStage stage{learn_weights(weight_prior(prior), prior.noise(), observations), {}};
    const Posterior& personal = stage.posterior;
    const Index ratings = observations.rated.rows();
    stage.predictor = {.weights = personal.posterior.mean,
                       .covariance = personal.posterior.covariance,
                       .gate = 0,
                       .noise = personal_noise(prior, personal, ratings)};
    PersonalPredictor& predictor = stage.predictor;
    if (ratings > 0)
        predictor.leave_one_out =
            (personal.leave_one_out_weights.rightCols(predictor.weights.size() - 1).array() *
             observations.rated.rightCols(predictor.weights.size() - 1).array())
                .rowwise()
                .sum();
    if (says_something(observations))
        predictor.gate = gate(prior, personal, learn_offset_and_slope(prior, observations));
    return stage;
}

}  // namespace

PersonalPredictor learn_first_stage(const Prior& prior, const Observations& observations) {
    return learn_both(prior, observations).predictor;
}

PersonalPredictor learn_auto(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    FirstStage first = learn_both(prior, observations);
    // The gate judges the first stage: the second was chosen by the same left-out ratings.
    if (const auto second = learn_gp_residual(prior, observations, first.posterior)) {
        first.predictor.weights = second->weights;
        first.predictor.expansion = second->expansion;
        first.predictor.leave_one_out = second->leave_one_out - second->leave_one_out_constant;
    }
    return first.predictor;
}

}  // namespace piaa
