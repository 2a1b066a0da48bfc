#include "feedback/prior_data.h"

#include <algorithm>
#include <cmath>

#include <piaa/research/train.h>

namespace piaa::cli {
namespace {

/// On the scale of the ratings.
std::vector<double> held_out_scores(const Model& model, const std::vector<Features>& features,
                                    const RatingsWithGroups& rated) {
    const RatingScale& scale = rated.ratings.scale();
    const int bins = std::clamp(static_cast<int>(std::lround(scale.high - scale.low)) + 1, 2, 100);
    const RatedPhotos photos{features, {}, rated.ratings.image_distributions(bins), rated.groups};
    std::vector<double> scores;
    for (const auto& distribution : predict_held_out(model, photos)) scores.push_back(distribution.mean());
    return scores;
}

}  // namespace

PriorData read_prior_data(const Model& model, const RatedPhotosOptions& options, const FeatureRun& run) {
    const auto tables = read_rated_photos(options);
    auto seen = read_features(model, options.images, tables.ratings.images(), run);
    const RatingsWithGroups rated = ratings_of(tables, seen);
    PriorData data{{}, {}, rated.ratings};
    for (auto& photo : seen) data.features.push_back(std::move(photo.features));
    data.held_out_generic = held_out_scores(model, data.features, rated);
    return data;
}

}  // namespace piaa::cli
