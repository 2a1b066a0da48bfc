#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include <piaa/prior.h>

namespace piaa {

/// What the older methods see of a photo: its attributes, in deviations from what is usual, and how far it
/// belongs to each content category, shares that add up to 1. Throws Error(bad_argument) for a prior without
/// categories.
Eigen::VectorXd looks(const Prior& prior, std::span<const float> row);

/// Where a photo is along the prior's directions of taste.
Eigen::VectorXd taste_place(const Prior& prior, std::span<const float> row);

/// Fills Prior::categories and category_width: k-means over photos' places along the taste directions,
/// begun with the photos farthest apart, so that the same photos give the same categories.
void find_categories(const Eigen::MatrixXd& places, Prior& prior);

/// Fills the factors: the directions in looks along which people's ratings differ most, and how people's
/// weights on them are spread. One entry a person: photos' looks and ratings from 0 to 1.
struct RatedLooks {
    Eigen::MatrixXd looks;
    Eigen::MatrixXd ratings;  ///< people x photos
};
void find_factors(const std::vector<RatedLooks>& panels, Prior& prior);

}  // namespace piaa
