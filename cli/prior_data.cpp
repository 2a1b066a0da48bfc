#include "held_out_scores.h"

#include <algorithm>
#include <cmath>

#include <piaa/train.h>

namespace piaa::cli {

std::vector<double> held_out_scores(const Model& model, const std::vector<Features>& features,
                                    const RatingsWithGroups& rated) {
    const RatingScale& scale = rated.ratings.scale();
    const int bins = std::clamp(static_cast<int>(std::lround(scale.high - scale.low)) + 1, 2, 100);
    const RatedPhotos photos{features, {}, rated.ratings.image_distributions(bins), rated.groups};
    std::vector<double> scores;
    for (const auto& distribution : predict_held_out(model, photos)) scores.push_back(distribution.mean());
    return scores;
}

}  // namespace piaa::cli
