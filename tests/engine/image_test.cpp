#include <cmath>

#include <piaa/error.h>
#include <piaa/image.h>

#include "support/catch.h"

using piaa::Image;
using piaa::Size;

namespace {

Image filled(Size size, std::uint8_t value) {
    return {size, std::vector<std::uint8_t>(static_cast<std::size_t>(size.width) * size.height * 3, value)};
}

}  // namespace

TEST_CASE("an image names the count of values it got and should have got", "[image]") {
    CHECK_THROWS_WITH((Image{{2, 2}, std::vector<std::uint8_t>(3)}),
                      "image of 2x2 pixels has 3 values instead of 12");
    CHECK_THROWS_AS((Image{{0, 5}, {}}), piaa::Error);
}

TEST_CASE("resized keeps a flat picture flat at any size", "[image]") {
    const auto size = GENERATE(Size{1, 1}, Size{3, 7}, Size{64, 64}, Size{200, 90});
    const Image flat = resized(filled({64, 48}, 77), size);
    for (const auto value : flat.pixels()) REQUIRE(value == 77);
}

TEST_CASE("resized takes the mean of what a new pixel covers", "[image]") {
    const Image image{{4, 1}, {0, 0, 0, 100, 100, 100, 50, 50, 50, 150, 150, 150}};
    const Image half = resized(image, {2, 1});
    CHECK(int(half.at(0, 0)[0]) == 50);
    CHECK(int(half.at(1, 0)[0]) == 100);
}

TEST_CASE("resized in two steps is nearly resized in one", "[image]") {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < 160; ++y)
        for (int x = 0; x < 240 * 3; ++x)
            pixels.push_back(static_cast<std::uint8_t>(128 + 100 * std::sin(x * .02 + y * .05)));
    const Image image{{240, 160}, pixels};
    const Image once = resized(image, {40, 32});
    const Image twice = resized(resized(image, {120, 80}), {40, 32});
    for (std::size_t i = 0; i < once.pixels().size(); ++i)
        REQUIRE(std::abs(int(once.pixels()[i]) - int(twice.pixels()[i])) <= 2);
}

TEST_CASE("resized gives the area means computed the slow way, to one step", "[image]") {
    const Size from{37, 23};
    const Size to = GENERATE(Size{37, 7}, Size{5, 23}, Size{12, 9}, Size{1, 1}, Size{36, 22});
    std::vector<std::uint8_t> pixels;
    for (int i = 0; i < from.width * from.height * 3; ++i)
        pixels.push_back(static_cast<std::uint8_t>(i * i % 251));
    const Image image{from, pixels};
    const Image small = resized(image, to);
    // How much of old pixel j lies under new pixel i.
    const auto covered = [](int i, int j, double scale) {
        return std::max(0.0, std::min((i + 1) * scale, j + 1.0) - std::max(i * scale, j + 0.0)) / scale;
    };
    for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x)
            for (int c = 0; c < 3; ++c) {
                double mean = 0;
                for (int v = 0; v < from.height; ++v)
                    for (int u = 0; u < from.width; ++u)
                        mean += covered(y, v, double(from.height) / to.height) *
                                covered(x, u, double(from.width) / to.width) * image.at(u, v)[c];
                REQUIRE(std::abs(mean - small.at(x, y)[c]) <= 0.5 + 1e-3);
            }
}
