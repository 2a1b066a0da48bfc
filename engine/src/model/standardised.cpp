#include "model/standardised.h"

#include <string>

#include <piaa/error.h>

#include "model/model_impl.h"

namespace piaa {

std::vector<float> standardised(const Model& model, const Features& features) {
    const Model::Impl& data = model.impl();
    const std::size_t size = data.pooled_size();
    if (features.pooled.size() != size)
        throw Error(ErrorCode::bad_argument, "features have " + std::to_string(features.pooled.size()) +
                                                 " pooled numbers and this model should have " +
                                                 std::to_string(size));
    std::vector<float> result(size);
    for (std::size_t i = 0; i < size; ++i)
        result[i] = (features.pooled[i] - data.feature_mean[i]) / data.feature_deviation[i];
    return result;
}

}  // namespace piaa
