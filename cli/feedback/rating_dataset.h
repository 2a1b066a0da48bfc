#pragma once

#include <string>
#include <vector>

#include <piaa/prior.h>

#include "feedback/rated_photos.h"

namespace piaa::cli {

/// Many people's ratings, and the photos as learners of taste see them.
struct RatingDataset {
    RatingsTable ratings;
    std::vector<std::string> content_ids;                     ///< of each of ratings.images()
    std::vector<std::vector<float>> rows;                     ///< feature_row() of each
    std::vector<std::vector<std::vector<float>>> other_rows;  ///< the same by each of the other priors
    std::vector<double> generic;                              ///< the model's score of each, from 0 to 1
};

/// Reads the tables, and every photo once. Throws as read_rated_photos() and read_features().
RatingDataset read_rating_dataset(const Model& model, const Prior& prior, const RatedPhotosOptions& rated,
                                  const FeatureRun& run, const std::vector<Prior>& others = {});

}  // namespace piaa::cli
