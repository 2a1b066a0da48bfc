#include <cmath>
#include <string>

#include <piaa/embedding.h>
#include <piaa/error.h>

#include "model/model_impl.h"

namespace piaa {

std::vector<float> embedding(const Model& model, const Features& features) {
    const Model::Impl& data = model.impl();
    const std::size_t size = data.pooled_size();
    if (features.pooled.size() != size)
        throw Error(ErrorCode::bad_argument, "features have " + std::to_string(features.pooled.size()) +
                                                 " pooled numbers and this model should have " +
                                                 std::to_string(size));
    const auto channels = static_cast<std::size_t>(data.stages.back().channels);
    const std::size_t last = size - data.stages.back().pooled_size();  // its means come first
    std::vector<float> result(channels);
    double square = 0;
    for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t i = last + c;
        result[c] = (features.pooled[i] - data.feature_mean[i]) / data.feature_deviation[i];
        square += static_cast<double>(result[c]) * result[c];
    }
    if (square > 0)
        for (float& value : result) value /= static_cast<float>(std::sqrt(square));
    return result;
}

double similarity(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size())
        throw Error(ErrorCode::bad_argument, "embeddings of two models cannot be compared");
    double product = 0;
    for (std::size_t i = 0; i < a.size(); ++i) product += static_cast<double>(a[i]) * b[i];
    return product;
}

}  // namespace piaa
