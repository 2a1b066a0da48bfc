#include "crop/subject_head.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace piaa {

std::vector<float> levelled(std::span<const float> channels) {
    const auto count = static_cast<double>(channels.size());
    const double mean = std::accumulate(channels.begin(), channels.end(), 0.0) / count;
    double square = 0;
    for (const float value : channels) square += (value - mean) * (value - mean);
    const double scale = 1 / std::sqrt(square / count + 1e-12);
    std::vector<float> result(channels.size());
    std::transform(channels.begin(), channels.end(), result.begin(),
                   [&](float value) { return static_cast<float>((value - mean) * scale); });
    return result;
}

Plane subject_chance(const FeatureMap& map, const SubjectHead& head) {
    Plane chance(map.width, map.height);
    for (int y = 0; y < map.height; ++y)
        for (int x = 0; x < map.width; ++x) {
            const std::vector<float> values = levelled(map.at(x, y));
            const double said = std::inner_product(values.begin(), values.end(), head.weights.begin(), 0.0);
            chance.at(x, y) = static_cast<float>(std::clamp(said + head.bias, 0.0, 1.0));
        }
    return chance;
}

}  // namespace piaa
