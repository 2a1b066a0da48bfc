#include <algorithm>
#include <cmath>
#include <random>

#include <piaa/error.h>
#include <piaa/gradient_map.h>

#include "explain/score_head.h"
#include "model/model_impl.h"
#include "photo/guided_upsampling.h"
#include "photo/mirror.h"

namespace piaa {
namespace {

using Pixels = std::vector<float>;

constexpr double full_range = 255;

/// Class tokens belong to no place; what they add reaches the patches through the gradient.
Plane layer_cam(const Gradients& gradients) {
    Size size{0, 0};
    for (const FeatureMap& map : gradients.maps)
        size = {std::max(size.width, map.width), std::max(size.height, map.height)};
    Plane fused(size.width, size.height);
    for (std::size_t s = 0; s < gradients.maps.size(); ++s) {
        const FeatureMap& map = gradients.maps[s];
        if (map.width * map.height == 1) continue;
        Plane stage(map.width, map.height);
        for (int y = 0; y < map.height; ++y)
            for (int x = 0; x < map.width; ++x) {
                const auto values = map.at(x, y);
                const auto slopes = gradients.by_maps[s].at(x, y);
                float sum = 0;
                for (int c = 0; c < map.channels; ++c) sum += std::max(0.0F, slopes[c]) * values[c];
                stage.at(x, y) = std::max(0.0F, sum);
            }
        const float most = highest(stage);
        if (most <= 0) continue;
        stage = guided_upsampling(stage, size);
        for (std::size_t i = 0; i < fused.values.size(); ++i)
            fused.values[i] = std::max(fused.values[i], stage.values[i] / most);
    }
    return fused;
}

Plane steepest_colour(const Pixels& slopes, Size size) {
    Plane map(size.width, size.height);
    for (std::size_t i = 0; i < map.values.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c)
            map.values[i] =
                std::max(map.values[i], static_cast<float>(full_range) * std::abs(slopes[3 * i + c]));
    return map;
}

void mirror_rows(Plane& map) {
    for (int y = 0; y < map.height; ++y)
        std::reverse(map.values.begin() + static_cast<std::ptrdiff_t>(y) * map.width,
                     map.values.begin() + static_cast<std::ptrdiff_t>(y + 1) * map.width);
}

/// Maps of one input, one after the other.
class Asking {
public:
    Asking(const Model& model, GradientMap kind, const GradientOptions& options)
        : network_(model.impl().differentiable()), kind_(kind), options_(options), random_(options.seed) {
        for (const double weight : generic_head(model).pooled) weights_.push_back(static_cast<float>(weight));
    }

    /// done: the share of all work that lies behind.
    Plane operator()(const Image& input, double done, double share) {
        const Pixels pixels(input.pixels().begin(), input.pixels().end());
        const bool smooth = kind_ == GradientMap::smooth_gradient;
        const int samples = smooth ? options_.samples : 1;
        if (kind_ == GradientMap::layer_cam)
            return layer_cam(network_.gradients(input.size(), pixels, weights_));
        Pixels sum(pixels.size());
        for (int i = 0; i < samples; ++i) {
            const auto slopes =
                network_.gradients(input.size(), smooth ? noisy(pixels) : pixels, weights_).input;
            for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += slopes[p] / static_cast<float>(samples);
            if (options_.progress && !options_.progress(done + share * (i + 1) / samples))
                throw Error(ErrorCode::cancelled, "gradient map was stopped");
        }
        return steepest_colour(sum, input.size());
    }

private:
    Pixels noisy(Pixels pixels) {
        std::normal_distribution<float> noise(0, static_cast<float>(options_.noise * full_range));
        for (float& value : pixels) value += noise(random_);
        return pixels;
    }

    const DifferentiableNetwork& network_;
    GradientMap kind_;
    const GradientOptions& options_;
    std::mt19937_64 random_;
    std::vector<float> weights_;
};

}  // namespace

Heatmap gradient_map(const Model& model, const Image& photo, GradientMap kind,
                     const GradientOptions& options) {
    if (options.samples < 1 || options.samples > 1000 || !(options.noise > 0 && options.noise <= 1))
        throw Error(ErrorCode::bad_argument, "gradient map has " + std::to_string(options.samples) +
                                                 " samples with noise " + std::to_string(options.noise) +
                                                 " and should have 1 to 1000 with noise above 0 to 1");
    const Preprocessing& preprocessing = model.impl().preprocessing;
    const Image input = resized(photo, input_size(preprocessing, photo.size()));
    Asking ask(model, kind, options);
    Plane map = ask(input, 0, preprocessing.mirror ? 0.5 : 1);
    if (preprocessing.mirror) {
        Plane other = ask(mirrored(input), 0.5, 0.5);
        mirror_rows(other);
        for (std::size_t i = 0; i < map.values.size(); ++i)
            map.values[i] = (map.values[i] + other.values[i]) / 2;
    }
    return {{map.width, map.height}, std::move(map.values), {}};
}

}  // namespace piaa
