#pragma once

#include <Eigen/Core>

/// Eigen's word for all rows or columns: Eigen 5 keeps it in another namespace, in which Eigen 3.4 calls it
/// deprecated.
namespace piaa::indexing {
#if EIGEN_VERSION_AT_LEAST(3, 4, 90)
using Eigen::placeholders::all;
#else
using Eigen::all;
#endif
}  // namespace piaa::indexing
