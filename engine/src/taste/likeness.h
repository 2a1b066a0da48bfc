#pragma once

#include <Eigen/Dense>
#include <span>

#include <piaa/prior.h>
#include <piaa/profile.h>

namespace piaa {

/// How a method sees a photo, from its feature row.
using Look = Eigen::VectorXd (*)(const Prior& prior, std::span<const float> row);

/// What a method adds to the linear head: a weighted sum of a photo's looks, and of how alike it is to the
/// photos that were rated. Empty parts add nothing.
struct Likeness {
    Eigen::VectorXd linear;
    Eigen::MatrixXd places;  ///< looks of the rated photos, one row each
    Eigen::VectorXd pull;    ///< of each of them
    double width = 1;        ///< looks this far apart count exp(-1/2)

    bool empty() const { return linear.size() == 0 && pull.size() == 0; }

    /// looks: one row a photo.
    Eigen::VectorXd operator()(const Eigen::MatrixXd& looks) const {
        Eigen::VectorXd sum = Eigen::VectorXd::Zero(looks.rows());
        if (linear.size() > 0) sum += looks * linear;
        if (pull.size() > 0) sum += alike(looks, places, width) * pull;
        return sum;
    }

    /// The Gaussian kernel between rows.
    static Eigen::MatrixXd alike(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, double width) {
        Eigen::MatrixXd squared = -2 * a * b.transpose();
        squared.colwise() += a.rowwise().squaredNorm().eval();
        squared.rowwise() += b.rowwise().squaredNorm().transpose().eval();
        return (squared.array().max(0) / (-2 * width * width)).exp().matrix();
    }
};

/// The profile's rated photos as a method sees them, in the order of their content ids.
Eigen::MatrixXd looks_of_rated(const Prior& prior, const UserProfile& profile, Look look);

/// What a profile's method adds to the weighted sum for a photo; 0 where it adds nothing. Throws
/// Error(bad_profile) for numbers that do not belong together.
double likeness(const Prior& prior, const UserProfile& profile, std::span<const float> row);

}  // namespace piaa
