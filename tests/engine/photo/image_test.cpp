#include <cmath>

#include <piaa/block_means.h>
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

TEST_CASE("resized keeps the mean and the order when it shrinks, and stays within 0 to 255", "[image]") {
    std::vector<std::uint8_t> pixels;
    for (int x = 0; x < 64; ++x) pixels.insert(pixels.end(), 3, x < 32 ? 0 : 255);
    const Image half = resized(Image{{64, 1}, pixels}, {8, 1});
    double sum = 0;
    for (int x = 0; x < 8; ++x) sum += half.at(x, 0)[0];
    CHECK(sum / 8 == Approx(127.5).margin(2));
    CHECK(int(half.at(0, 0)[0]) == 0);
    CHECK(int(half.at(7, 0)[0]) == 255);
    CHECK(half.at(3, 0)[0] < half.at(4, 0)[0]);
}

TEST_CASE("resized meets a straight ramp in the middle of each new pixel", "[image]") {
    std::vector<std::uint8_t> pixels;
    for (int x = 0; x < 100; ++x) pixels.insert(pixels.end(), 3, static_cast<std::uint8_t>(2 * x));
    const Image ramp = resized(Image{{100, 1}, pixels}, {20, 1});
    for (int x = 3; x < 17; ++x) CHECK(std::abs(int(ramp.at(x, 0)[0]) - (10 * x + 4)) <= 1);
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

TEST_CASE("block_means averages each block, and at the borders what is left of one", "[image]") {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < 9; ++y)
        for (int x = 0; x < 10; ++x)
            for (const int value : {10 * x, 20 * y, x == 9 ? 200 : 0})
                pixels.push_back(static_cast<std::uint8_t>(value));
    const Image means = piaa::block_means({{10, 9}, pixels}, 4);
    REQUIRE(means.size() == Size{3, 3});
    CHECK(means.at(0, 0)[0] == 15);
    CHECK(means.at(2, 0)[0] == 85);   // of columns 8 and 9 alone
    CHECK(means.at(0, 2)[1] == 160);  // of row 8 alone
    CHECK(means.at(2, 1)[2] == 100);
    CHECK(means.at(1, 1)[2] == 0);
    CHECK(piaa::block_means({{10, 9}, pixels}, 1).size() == Size{10, 9});
    CHECK_THROWS_AS(piaa::block_means({{10, 9}, pixels}, 0), piaa::Error);
}
