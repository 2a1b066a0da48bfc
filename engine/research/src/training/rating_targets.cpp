#include "training/rating_targets.h"

#include <algorithm>
#include <cmath>

#include "math/softplus.h"

namespace piaa {
namespace {

double inverse_softplus(double y) {
    return y + std::log(-std::expm1(-y));
}

/// The width at which a truncated normal of this mean has the spread of the given ratings.
double matching_width(const ScoreDistribution& ratings) {
    const double range = ratings.high() - ratings.low();
    const int bins = static_cast<int>(ratings.probabilities().size());
    const double mean = ratings.mean();
    const double spread = ratings.spread();
    double narrow = range / 100;
    double wide = range;
    for (int i = 0; i < 30; ++i) {
        const double width = (narrow + wide) / 2;
        const auto candidate =
            ScoreDistribution::truncated_normal_with_mean(ratings.low(), ratings.high(), bins, mean, width);
        (candidate.spread() < spread ? narrow : wide) = width;
    }
    return (narrow + wide) / 2;
}

}  // namespace

Eigen::MatrixXd targets_of(const std::vector<ScoreDistribution>& ratings) {
    Eigen::MatrixXd targets(ratings.size(), head_target_count);
    for (std::size_t i = 0; i < ratings.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        targets(row, 0) = ratings[i].mean();
        targets(row, 1) = inverse_softplus(matching_width(ratings[i]));
    }
    return targets;
}

ScoreDistribution distribution_of(const ScoreDistribution& like, double mean, double width_sum) {
    const int bins = static_cast<int>(like.probabilities().size());
    return ScoreDistribution::truncated_normal_with_mean(like.low(), like.high(), bins, mean,
                                                         softplus(width_sum));
}

}  // namespace piaa
