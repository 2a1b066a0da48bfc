#pragma once

#include <Eigen/Dense>
#include <span>

#include <piaa/prior.h>

namespace piaa {

/// A photo as learners see it, from feature_row(): [1, generic - centre, taste directions]. Throws
/// Error(bad_argument) for a row of another length.
Eigen::VectorXd design_row(const Prior& prior, std::span<const float> row);

}  // namespace piaa
