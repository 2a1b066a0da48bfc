#pragma once

#include <Eigen/Core>
#include <vector>

#include <piaa/score.h>

namespace piaa {

/// What a head predicts of each photo: the mean rating, and the width of the truncated normal as softplus of
/// a number.
constexpr int head_target_count = 2;

/// One row per photo, the two numbers that give back mean and spread of its ratings.
Eigen::MatrixXd targets_of(const std::vector<ScoreDistribution>& ratings);

/// The way back; `like` gives the scale.
ScoreDistribution distribution_of(const ScoreDistribution& like, double mean, double width_sum);

}  // namespace piaa
