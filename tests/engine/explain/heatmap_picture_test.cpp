#include <algorithm>
#include <cmath>

#include <piaa/piaa.h>

#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

double luma(const std::array<std::uint8_t, 3>& colour) {
    return .299 * colour[0] + .587 * colour[1] + .114 * colour[2];
}

}  // namespace

TEST_CASE("the colours of a heatmap differ for everybody", "[heatmap]") {
    CHECK(heatmap_colour(0) == std::array<std::uint8_t, 3>{255, 255, 255});
    const auto bad = heatmap_colour(-1);
    const auto good = heatmap_colour(1);
    // Blue against yellow is what nearly all colour-blind people see.
    CHECK(bad[2] - bad[0] > 100);
    CHECK(good[0] - good[2] > 100);
    CHECK(heatmap_colour(-7) == bad);
    CHECK(heatmap_colour(7) == good);
    for (double strength = 0; strength < 0.95; strength += 0.05) {
        CHECK(luma(heatmap_colour(strength + 0.05)) < luma(heatmap_colour(strength)));
        CHECK(luma(heatmap_colour(-strength - 0.05)) < luma(heatmap_colour(-strength)));
    }
}

TEST_CASE("weak places of a heatmap let the photo through", "[heatmap]") {
    const Heatmap map{{3, 1}, {0, 0.5F, -2}, {}};
    const auto layer = heatmap_layer(map, 1);
    REQUIRE(layer.size() == 12);
    CHECK(layer[3] == 0);
    CHECK((layer[7] > 100 && layer[7] < 250));
    CHECK(layer[11] == 255);

    const Image photo = test::plain({3, 1}, {100, 100, 100});
    const Image overlay = heatmap_overlay(photo, map, 1);
    CHECK(std::equal(overlay.at(0, 0), overlay.at(0, 0) + 3, photo.at(0, 0)));
    CHECK(overlay.at(1, 0)[0] > overlay.at(1, 0)[2]);
    CHECK(overlay.at(2, 0)[2] > overlay.at(2, 0)[0]);
    CHECK_THROWS_AS(heatmap_overlay(photo, map, 0), Error);
}

TEST_CASE("a fitted limit passes over a few extreme places", "[heatmap]") {
    Heatmap map{{100, 1}, std::vector<float>(100, -0.5F), {}};
    map.values[7] = 40;
    CHECK(fitted_limit(map) == Approx(0.5));
    std::fill(map.values.begin(), map.values.end(), 0.0F);
    CHECK(fitted_limit(map) > 0);
}

TEST_CASE("attributes of usual photos lie within their ranges", "[attributes]") {
    const auto& norms = attribute_norms();
    for (std::size_t i = 0; i < attribute_count; ++i) {
        CAPTURE(attribute_name(static_cast<Attribute>(i)));
        CHECK((norms.mean[i] > 0 && norms.mean[i] < 1));
        CHECK((norms.deviation[i] > 0 && norms.deviation[i] < 0.5F));
    }
}
