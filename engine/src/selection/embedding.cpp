#include <cmath>

#include <piaa/embedding.h>
#include <piaa/error.h>

#include "model/model_impl.h"
#include "model/standardised.h"

namespace piaa {

std::vector<float> look(const Model& model, const Features& features) {
    auto result = standardised(model, features);
    const auto size = static_cast<double>(result.size());
    for (float& value : result) value /= static_cast<float>(std::sqrt(size));
    return result;
}

std::vector<float> embedding(const Model& model, const Features& features) {
    const auto all = standardised(model, features);
    const Stage& stage = model.impl().stages.back();
    const auto last = all.end() - static_cast<std::ptrdiff_t>(stage.pooled_size());  // its means come first
    std::vector<float> result(last, last + stage.channels);
    double square = 0;
    for (const float value : result) square += static_cast<double>(value) * value;
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
