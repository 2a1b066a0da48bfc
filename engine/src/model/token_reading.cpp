#include "model/token_reading.h"

namespace piaa {

std::vector<double> TokenReading::by_way_of(std::span<const double> head) const {
    std::vector<double> weights(channels);
    for (std::size_t r = 0; r < rank(); ++r) {
        double weight = 0;
        for (std::size_t i = r, k = head.size() - class_numbers(); i < out.size(); i += rank(), ++k)
            weight += head[k] * out[i];
        for (std::size_t c = 0; c < channels; ++c) weights[c] += weight * into[r * channels + c];
    }
    return weights;
}

void TokenReading::follow(std::span<float> region, std::span<const float> whole) const {
    std::vector<double> moved(rank());
    for (std::size_t r = 0; r < rank(); ++r)
        for (std::size_t c = 0; c < channels; ++c)
            moved[r] += static_cast<double>(into[r * channels + c]) * (region[c] - whole[c]);
    for (std::size_t i = 0, k = region.size() - class_numbers(); i < out.size(); i += rank(), ++k) {
        double change = 0;
        for (std::size_t r = 0; r < rank(); ++r) change += out[i + r] * moved[r];
        region[k] += static_cast<float>(change);
    }
}

}  // namespace piaa
