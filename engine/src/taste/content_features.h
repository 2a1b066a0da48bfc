#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include <piaa/prior.h>

namespace piaa {

/// What the older methods see of a photo: its attributes, in deviations from what is usual, and how far it
/// belongs to each content category, shares that add up to 1. Throws Error(bad_argument) for a prior without
/// categories.
Eigen::VectorXd content_features(const Prior& prior, std::span<const float> row);

/// Where a photo is along the prior's directions of taste.
Eigen::VectorXd taste_place(const Prior& prior, std::span<const float> row);

/// Fills Prior::categories and category_width: k-means over photos' places along the taste directions,
/// begun with the photos farthest apart, so that the same photos give the same categories.
void find_categories(const Eigen::MatrixXd& places, Prior& prior);

/// Fills the factors: the directions in content along which people's ratings differ most, and how people's
/// weights on them are spread. One entry per person: photos' content and ratings from 0 to 1.
struct RatedContent {
    Eigen::MatrixXd content;
    Eigen::MatrixXd ratings;  ///< people x photos
};
void find_factors(const std::vector<RatedContent>& panels, Prior& prior);

}  // namespace piaa
