#pragma once

#include <Eigen/Dense>
#include <vector>

namespace piaa {

/// What is believed of a person's weights: a normal distribution.
struct NormalDistribution {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;
};

/// What one person said, as rows of the linear model.
struct Observations {
    Eigen::MatrixXd rated;        ///< one row a rated photo
    Eigen::VectorXd ratings;      ///< 0 to 1
    Eigen::MatrixXd differences;  ///< one row per comparison: preferred minus other photo
    Eigen::VectorXd weights;      ///< of the comparisons, above 0
    Eigen::MatrixXd content{};    ///< the rated photos as the method's Learner::look sees them, one row each

    Eigen::Index count() const { return rated.rows() + differences.rows(); }
};

/// A posterior together with what every observation would look like had it not been made.
struct Posterior {
    NormalDistribution posterior;
    /// Per rating, then per comparison: the prediction from all other observations, what was observed (for a
    /// comparison, the normal observation that stands for it) and its variance.
    Eigen::VectorXd leave_one_out;
    Eigen::VectorXd observed;
    Eigen::VectorXd variance;
    Eigen::VectorXd leave_one_out_variance;  ///< of that prediction, without the observation's own noise
    /// The mean weights had the rating not been given, one row per rating.
    Eigen::MatrixXd leave_one_out_weights;
};

/// Learns the weights. Ratings have this variance of noise and enter exactly; a comparison is a probit
/// of the difference with twice that variance, divided by its weight, fitted by expectation propagation
/// (its first sweep is assumed-density filtering).
Posterior learn_weights(const NormalDistribution& prior, double noise, const Observations& observations);

}  // namespace piaa
