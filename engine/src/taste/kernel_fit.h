#pragma once

#include <Eigen/Dense>

#include <piaa/prior.h>

#include "taste/posterior.h"

namespace piaa {

/// A person's ratings under the prior's linear head and a kernel of photos added to it, learned together: a
/// Gaussian process. What it predicts of another photo is weights . x plus that photo's kernel with the rated
/// ones times `dual`.
struct KernelFit {
    Eigen::VectorXd dual;               ///< one number a rating
    Eigen::VectorXd weights;            ///< of the linear head
    Eigen::VectorXd missed;             ///< each rating minus what the others predict of it
    Eigen::VectorXd left_out_constant;  ///< the part of that prediction that moves all photos alike
};

/// kernel: covariance of what it adds, ratings x ratings, beside prior.noise for each rating.
KernelFit fit_with_kernel(const Prior& prior, const Evidence& evidence, const Eigen::MatrixXd& kernel);

}  // namespace piaa
