#include <algorithm>
#include <cmath>
#include <random>

#include <piaa/gradient_map.h>
#include <piaa/piaa.h>

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

TEST_CASE("small changes move the shipped model's score most where its gradient is steep", "[gradient_map]") {
    if (list_models().empty()) return;
    const Model model = load_model("lite");
    // At the network's own size, so that no resizing comes between.
    const Image photo = test::painted({200, 200}, [](int x, int y) {
        const auto wave = [&](double a, double b) {
            return static_cast<int>(127 + 70 * std::sin(a * x + 2 * std::sin(b * y)) + (x * 7 + y * 13) % 11);
        };
        return test::Colour{wave(.05, .04), wave(.03, .06), wave(.02, .05)};
    });
    const Heatmap slopes = gradient_map(model, photo, GradientMap::gradient);
    CHECK(*std::min_element(slopes.values.begin(), slopes.values.end()) >= 0);
    std::vector<float> sorted = slopes.values;
    std::sort(sorted.begin(), sorted.end());
    const float low = sorted[sorted.size() / 10];
    const float high = sorted[sorted.size() * 9 / 10];
    const auto generic = [&](const Image& image) {
        return score(model, extract_features(model, std::span(&image, 1)).front()).generic;
    };
    // The same tenth of all pixels, up or down at random.
    const auto moved = [&](auto chosen) {
        double sum = 0;
        for (unsigned seed = 1; seed <= 4; ++seed) {
            std::mt19937 random(seed);
            std::vector<std::uint8_t> pixels(photo.pixels().begin(), photo.pixels().end());
            for (std::size_t i = 0; i < slopes.values.size(); ++i) {
                const int step = random() % 2 == 0 ? 6 : -6;
                if (!chosen(slopes.values[i])) continue;
                for (int c = 0; c < 3; ++c)
                    pixels[3 * i + c] = static_cast<std::uint8_t>(std::clamp(pixels[3 * i + c] + step, 0, 255));
            }
            sum += std::abs(generic(Image(photo.size(), std::move(pixels))) - generic(photo));
        }
        return sum;
    };
    CHECK(moved([&](float slope) { return slope >= high; }) > 2 * moved([&](float slope) { return slope <= low; }));
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
