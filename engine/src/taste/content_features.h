#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include <piaa/prior.h>

namespace piaa {

/// What the older methods see of a photo: its attributes, in deviations from what is usual, and how far it
/// belongs to each content category, shares that add up to 1. row: of a prior with this content.
Eigen::VectorXd content_features(const ContentPrior& content, std::span<const float> row);
/// The same by content_of(prior).
Eigen::VectorXd content_features(const Prior& prior, std::span<const float> row);

/// What the prior knows of content. Throws Error(bad_argument) for one that knows nothing.
const ContentPrior& content_of(const Prior& prior);

/// Where a photo is along the prior's directions of taste.
Eigen::VectorXd taste_place(const Prior& prior, std::span<const float> row);

/// Fills ContentPrior::categories and category_width: k-means over photos' places along the taste directions,
/// begun with the photos farthest apart, so that the same photos give the same categories.
void find_categories(const Eigen::MatrixXd& places, ContentPrior& content);

/// Fills the factors: the directions in content along which people's ratings differ most, and how people's
/// weights on them are spread. One entry per person: photos' content and ratings from 0 to 1.
struct RatedContent {
    Eigen::MatrixXd content;
    Eigen::MatrixXd ratings;  ///< people x photos
};
void find_factors(const std::vector<RatedContent>& panels, ContentPrior& content);

}  // namespace piaa
