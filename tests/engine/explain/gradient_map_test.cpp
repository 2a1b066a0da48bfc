#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include <piaa/gradient_map.h>
#include <piaa/piaa.h>

#include "network/backend.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/tiny_model.h"

using namespace piaa;

namespace {

Image bright_right() {
    return test::painted({64, 64}, [](int x, int y) {
        const int value = x < 32 ? 20 : 200 + (x + y) % 5;
        return test::Colour{value, value, value};
    });
}

}  // namespace

TEST_CASE("the gradient is what a pixel's full range would bring", "[gradient_map]") {
    // The tiny model is linear: nine points for all of 64 x 64 x 3 values going from 0 to 255.
    const Heatmap map = gradient_map(test::tiny_model(), bright_right(), GradientMap::gradient);
    CHECK(map.size == Size{64, 64});
    CHECK(map.constants.empty());
    for (const float value : map.values) CHECK(value == Approx(9.0 / (64 * 64 * 3)).epsilon(1e-3));
}

TEST_CASE("noise changes nothing where the score is linear", "[gradient_map]") {
    const GradientOptions options{.samples = 3};
    const Heatmap plain = gradient_map(test::tiny_model(), bright_right(), GradientMap::gradient);
    const Heatmap smooth =
        gradient_map(test::tiny_model(), bright_right(), GradientMap::smooth_gradient, options);
    for (std::size_t i = 0; i < plain.values.size(); ++i)
        CHECK(smooth.values[i] == Approx(plain.values[i]).epsilon(1e-3));
}

TEST_CASE("LayerCAM shows what raises the score", "[gradient_map]") {
    const Heatmap map = gradient_map(test::tiny_model(), bright_right(), GradientMap::layer_cam);
    CHECK(map.size == Size{8, 8});
    CHECK(map.at(7, 4) == Approx(1).margin(0.05));
    CHECK(map.at(0, 4) == Approx(0.1).margin(0.05));
}

TEST_CASE("LayerCAM shows places where class tokens carry the score", "[gradient_map]") {
    if (list_models().empty()) return;
    const Heatmap map = gradient_map(load_model("fast"), bright_right(), GradientMap::layer_cam);
    CHECK(map.size == Size{10, 10});
    const auto [least, most] = std::minmax_element(map.values.begin(), map.values.end());
    CHECK(*most == Approx(1));
    CHECK(*least < 0.5);
}

TEST_CASE("a small step changes the shipped network's numbers as its gradient says", "[gradient_map]") {
    if (list_models().empty()) return;
    const auto file = read_tensor_file(load_model("lite").info().file);
    const Architecture architecture = find_architecture(file.metadata.at("architecture"));
    const NetworkSpec spec{architecture, {3, 6}, {127, 127, 127}, {128, 128, 128}, "cpu"};
    const auto network = backend().make_differentiable(spec, file.tensors);
    constexpr int side = 96;
    std::vector<float> pixels, step;
    for (int i = 0; i < side * side * 3; ++i) {
        const int x = i / 3 % side, y = i / 3 / side;
        pixels.push_back(static_cast<float>(127 + 60 * std::sin(.09 * x + 2 * std::sin(.07 * y) + i % 3)));
        step.push_back(static_cast<float>(std::cos(.05 * x - .03 * y + i % 3)));
    }
    const auto moved = [&](float length) {
        std::vector<float> result = pixels;
        for (std::size_t i = 0; i < result.size(); ++i) result[i] += length * step[i];
        return result;
    };
    // The mean of every channel of both stages counts, each by another weight, and deviations half as much.
    std::vector<float> weights;
    const auto gradients_at = [&](std::span<const float> some) {
        return network->gradients({side, side}, some, weights);
    };
    for (const int stage : {3, 6}) {
        const int channels = architecture.stages()[stage].channels;
        for (int i = 0; i < 2 * channels; ++i)
            weights.push_back(static_cast<float>((i < channels ? 1 : 0.5) * std::sin(i + 1.0)));
    }
    const auto value = [&](const std::vector<float>& some) {
        double sum = 0;
        std::size_t first = 0;
        for (const FeatureMap& map : gradients_at(some).maps) {
            const int places = map.width * map.height;
            for (int c = 0; c < map.channels; ++c) {
                double mean = 0, square = 0;
                for (int p = 0; p < places; ++p) {
                    const double v = map.values[static_cast<std::size_t>(p) * map.channels + c];
                    mean += v / places;
                    square += v * v / places;
                }
                sum += weights[first + c] * mean + weights[first + map.channels + c] *
                                                       std::sqrt(std::max(0.0, square - mean * mean) + 1e-6);
            }
            first += 2 * static_cast<std::size_t>(map.channels);
        }
        return sum;
    };
    const auto slopes = gradients_at(pixels).input;
    const double told = std::inner_product(slopes.begin(), slopes.end(), step.begin(), 0.0);
    const double found = (value(moved(0.05F)) - value(moved(-0.05F))) / 0.1;
    CHECK(std::abs(told) > 1e-3);
    CHECK(found == Approx(told).epsilon(0.05));
}

TEST_CASE("gradient maps are the same each time, and can be stopped", "[gradient_map]") {
    const GradientOptions options{.samples = 2};
    const auto map = [&] {
        return gradient_map(test::tiny_model(), bright_right(), GradientMap::smooth_gradient, options).values;
    };
    CHECK(map() == map());
    CHECK_THROWS_AS(gradient_map(test::tiny_model(), bright_right(), GradientMap::smooth_gradient,
                                 {.progress = [](double) { return false; }}),
                    Error);
    CHECK_THROWS_AS(
        gradient_map(test::tiny_model(), bright_right(), GradientMap::smooth_gradient, {.samples = 0}),
        Error);
}
