#pragma once

#include <cstdint>
#include <vector>

#include "conventional/local_features.h"

namespace piaa {

/// Bag of words: how often each centre is the nearest one, as shares; square roots, so that a few frequent
/// words do not drown the rest. descriptors: as ConventionalPhoto has them.
Eigen::VectorXf bag_of_words(const std::vector<std::uint8_t>& descriptors, const RowMatrix& centres);

/// Fisher vector (Perronnin 2010): how the points pull the mixture's means and variances, with signed square
/// roots and length 1.
Eigen::VectorXf fisher_vector(const RowMatrix& points, const Mixture& mixture);

/// Descriptors as float rows of length 1.
RowMatrix descriptor_rows(const std::vector<std::uint8_t>& descriptors);

}  // namespace piaa
