#include "model/region_pooling.h"

#include <algorithm>
#include <cmath>

#include <piaa/features.h>

#include "model/model_impl.h"

namespace piaa {

std::vector<float> roi_align(const FeatureMap& map, const Box& region, int side) {
    const std::size_t channels = map.channels;
    std::vector<float> result(static_cast<std::size_t>(side) * side * channels);
    float* target = result.data();
    for (int row = 0; row < side; ++row) {
        const double y = std::clamp((region.y + (row + 0.5) / side * region.height) * map.height - 0.5, 0.0,
                                    map.height - 1.0);
        const int top = static_cast<int>(y);
        const int bottom = std::min(top + 1, map.height - 1);
        for (int column = 0; column < side; ++column, target += channels) {
            const double x = std::clamp((region.x + (column + 0.5) / side * region.width) * map.width - 0.5,
                                        0.0, map.width - 1.0);
            const int left = static_cast<int>(x);
            const int right = std::min(left + 1, map.width - 1);
            const auto across = static_cast<float>(x - left);
            const auto down = static_cast<float>(y - top);
            const float weights[4] = {(1 - across) * (1 - down), across * (1 - down), (1 - across) * down,
                                      across * down};
            const float* corners[4] = {map.at(left, top).data(), map.at(right, top).data(),
                                       map.at(left, bottom).data(), map.at(right, bottom).data()};
            for (std::size_t c = 0; c < channels; ++c)
                target[c] = weights[0] * corners[0][c] + weights[1] * corners[1][c] +
                            weights[2] * corners[2][c] + weights[3] * corners[3][c];
        }
    }
    return result;
}

std::vector<float> pooled_region(std::span<const FeatureMap> maps, std::span<const Stage> stages,
                                 const Box& region) {
    std::vector<float> pooled;
    for (std::size_t s = 0; s < maps.size(); ++s) {
        const FeatureMap& map = maps[s];
        // About one sample per place of the map; a dozen per side tell the spread of the finest well enough.
        const double places = std::max(map.width * region.width, map.height * region.height);
        const int side = std::clamp(static_cast<int>(std::ceil(places)), 2, 12);
        const std::vector<float> samples = roi_align(map, region, side);
        const std::size_t channels = map.channels;
        const auto count = static_cast<float>(side * side);
        std::vector<float> sum(channels), square(channels);
        for (std::size_t i = 0; i < samples.size(); i += channels)
            for (std::size_t c = 0; c < channels; ++c) {
                sum[c] += samples[i + c];
                square[c] += samples[i + c] * samples[i + c];
            }
        for (float& value : sum) value /= count;
        pooled.insert(pooled.end(), sum.begin(), sum.end());
        for (std::size_t c = 0; stages[s].deviations && c < channels; ++c)
            pooled.push_back(std::sqrt(std::max(0.0F, square[c] / count - sum[c] * sum[c]) + 1e-6F));
    }
    return pooled;
}

std::vector<float> pooled_region(const Model& model, const Features& features, const Box& region) {
    const Model::Impl& data = model.impl();
    std::vector<float> pooled = pooled_region(features.maps, data.stages, region);
    if (!data.reading.empty()) data.reading.follow(pooled, features.pooled);
    return pooled;
}

}  // namespace piaa
