#pragma once

#include <Eigen/Dense>
#include <span>

#include <piaa/prior.h>
#include <piaa/profile.h>

namespace piaa {

/// How a method sees a photo, from its feature row: its content features.
using ContentFeatures = Eigen::VectorXd (*)(const Prior& prior, std::span<const float> row);

/// What a method adds to the linear head: a weighted sum of a photo's content features, and a kernel
/// expansion over the photos that were rated. Empty parts add nothing.
struct KernelExpansion {
    Eigen::VectorXd linear;
    Eigen::MatrixXd support_points;  ///< content features of the rated photos, one row each
    Eigen::VectorXd dual;            ///< coefficient of each of them
    double width = 1;                ///< at this distance the kernel is exp(-1/2)

    bool empty() const { return linear.size() == 0 && dual.size() == 0; }

    /// content: one row per photo.
    Eigen::VectorXd operator()(const Eigen::MatrixXd& content) const {
        Eigen::VectorXd sum = Eigen::VectorXd::Zero(content.rows());
        if (linear.size() > 0) sum += content * linear;
        if (dual.size() > 0) sum += rbf_kernel(content, support_points, width) * dual;
        return sum;
    }

    /// The Gaussian kernel between rows.
    static Eigen::MatrixXd rbf_kernel(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, double width) {
        Eigen::MatrixXd squared = -2 * a * b.transpose();
        squared.colwise() += a.rowwise().squaredNorm().eval();
        squared.rowwise() += b.rowwise().squaredNorm().transpose().eval();
        return (squared.array().max(0) / (-2 * width * width)).exp().matrix();
    }
};

/// The profile's rated photos as a method sees them, in the order of their content ids.
Eigen::MatrixXd content_of_rated(const Prior& prior, const UserProfile& profile, ContentFeatures content);

/// Puts it among what a profile has learned.
void keep_expansion(const KernelExpansion& expansion, Learned& learned);

/// What a profile's method adds to the weighted sum for a photo; 0 where it adds nothing. Throws
/// Error(bad_profile) for numbers that do not belong together.
double kernel_expansion(const Prior& prior, const UserProfile& profile, std::span<const float> row);

}  // namespace piaa
