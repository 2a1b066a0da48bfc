#pragma once

#include <Eigen/Dense>

#include <piaa/prior.h>

#include "taste/posterior.h"

namespace piaa {

/// A person's ratings under the prior's linear head and a kernel of photos added to it, learned together: a
/// Gaussian process. What it predicts of another photo is weights . x plus that photo's kernel with the rated
/// ones times `dual`.
struct GpFit {
    Eigen::VectorXd dual;                    ///< one number per rating
    Eigen::VectorXd weights;                 ///< of the linear head
    Eigen::VectorXd residuals;               ///< each rating minus what the others predict of it
    Eigen::VectorXd leave_one_out_constant;  ///< the part of that prediction that moves all photos alike
};

/// kernel: covariance of what it adds, ratings x ratings, beside Prior::noise() for each rating.
GpFit fit_gp(const Prior& prior, const Observations& observations, const Eigen::MatrixXd& kernel);

}  // namespace piaa
