#include "crops/crop_taste.h"

namespace piaa::cli {

std::function<double(std::span<const float>)> crop_taste(const Scorer& scorer, const Features& photo) {
    if (!scorer.is_personal() || scorer.score(photo).trust <= 0) return nullptr;
    return [&scorer, &photo](std::span<const float> pooled) {
        Features region;
        region.attributes = photo.attributes;
        region.pooled.assign(pooled.begin(), pooled.end());
        return scorer.personal_rating(region);
    };
}

}  // namespace piaa::cli
