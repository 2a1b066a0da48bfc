#include "score_head.h"

#include "model_data.h"

namespace piaa {

ScoreHead generic_head(const Model& model) {
    const Model::Impl& data = model.impl();
    const double points = 9 / (data.info.scale_high - data.info.scale_low);
    ScoreHead head;
    head.constant = on_ten_scale(data.info, data.mean_head.bias);
    for (const float weight : data.mean_head.weights) head.pooled.push_back(points * weight);
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
