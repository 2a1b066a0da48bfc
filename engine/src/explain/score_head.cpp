#include "explain/score_head.h"

#include <piaa/adapt.h>
#include <piaa/error.h>

#include "model/model_impl.h"

namespace piaa {

ScoreHead generic_head(const Model& model) {
    const Model::Impl& data = model.impl();
    const double points = 9 / (data.info.scale_high - data.info.scale_low);
    ScoreHead head;
    head.constant = on_ten_scale(data.info, data.mean_head.bias);
    for (const float weight : data.mean_head.weights) head.pooled.push_back(points * weight);
    return head;
}

ScoreHead personal_head(const Model& model, const Prior& prior, const UserProfile& profile) {
    if (prior.style())
        throw Error(ErrorCode::bad_profile,
                    "profile was learned by method " + profile.learned().method +
                        ", whose style axes have no exact map: learn it with another method to see maps");
    const Learned& learned = profile.learned();
    const double gate = learned.gate();
    const auto weights = learned.weights(prior.weights());

    // The person's rating from 0 to 1 is (1 - gate) * generic + gate * weights . [1, generic - centre, taste
    // directions], all of it linear in what the generic score and the directions are computed from.
    ScoreHead head = generic_head(model);
    const double generic_weight = 1 - gate + gate * weights[1];
    for (double& weight : head.pooled) weight *= generic_weight;
    head.constant =
        1 + generic_weight * (head.constant - 1) + 9 * gate * (weights[0] - weights[1] * prior.centre());
    for (std::size_t d = 0; d < prior.directions(); ++d) {
        const double points = 9 * gate * weights[2 + d];
        const float* inputs = prior.projection().data() + d * prior.inputs();
        head.constant += points * prior.offset()[d];
        for (double& weight : head.pooled) weight += points * *inputs++;
        for (double& weight : head.attributes) weight += points * *inputs++;
    }
    return head;
}

ScoreHead operator-(const ScoreHead& a, const ScoreHead& b) {
    ScoreHead difference = a;
    difference.constant -= b.constant;
    for (std::size_t i = 0; i < difference.pooled.size(); ++i) difference.pooled[i] -= b.pooled[i];
    for (std::size_t i = 0; i < attribute_count; ++i) difference.attributes[i] -= b.attributes[i];
    return difference;
}

}  // namespace piaa
