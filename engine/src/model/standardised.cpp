#include "model/standardised.h"

#include "model/model_impl.h"

namespace piaa {

std::vector<float> standardised(const Model& model, const Features& features) {
    const Model::Impl& data = model.impl();
    const std::size_t size = data.pooled_size();
    require_pooled(features.pooled.size(), size);
    std::vector<float> result(size);
    for (std::size_t i = 0; i < size; ++i)
        result[i] = (features.pooled[i] - data.feature_mean[i]) / data.feature_deviation[i];
    return result;
}

}  // namespace piaa
