#include <algorithm>
#include <cmath>

#include <piaa/picture_kinds.h>
#include <piaa/score.h>

#include "math/softplus.h"
#include "model/familiarity.h"
#include "model/model_impl.h"

namespace piaa {
namespace {

constexpr double smallest_spread = 0.01;

}  // namespace

double on_ten_scale(const ModelInfo& info, double rating) {
    return 1 + 9 * (rating - info.scale_low) / (info.scale_high - info.scale_low);
}

int stars_of(const Model& model, double score) {
    const auto& thresholds = model.impl().star_thresholds;
    return 1 + static_cast<int>(
                   std::count_if(thresholds.begin(), thresholds.end(), [&](double t) { return score >= t; }));
}

ScoreDistribution predict_ratings(const Model& model, const Features& features) {
    const Model::Impl& data = model.impl();
    const double mean = data.calibration_slope * data.mean_head(features.pooled) + data.calibration_intercept;
    const double spread = std::max(softplus(data.spread_head(features.pooled)), smallest_spread);
    return ScoreDistribution::truncated_normal_with_mean(data.info.scale_low, data.info.scale_high, data.bins,
                                                         mean, spread);
}

Score score(const Model& model, const Features& features) {
    const ScoreDistribution ratings = predict_ratings(model, features);
    Score score;
    score.generic = on_ten_scale(model.info(), ratings.mean());
    score.score = score.generic;
    score.spread = 9 * ratings.spread() / (ratings.high() - ratings.low());
    score.flags = flags_of(model, features);
    const Unfamiliarity unknown = unfamiliarity(model, features, score.flags);
    score.spread = std::hypot(score.spread, std::sqrt(unknown.mean_error + unknown.variance));
    if (score.flags.empty()) score.stars = stars_of(model, score.score);
    return score;
}

}  // namespace piaa
