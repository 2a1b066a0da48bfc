#include <cmath>

#include <piaa/block_means.h>
#include <piaa/features.h>
#include <piaa/score.h>

#include "photo/preprocess.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/tiny_model.h"

using namespace piaa;

TEST_CASE("the tiny model pools the mean and the deviation of brightness", "[features]") {
    const std::vector<Image> images{test::painted({64, 64}, [](int x, int) {
        const int value = x < 32 ? 51 : 204;
        return test::Colour{value, value, value};
    })};
    const auto features = extract_features(test::tiny_model(), images, {.keep_maps = true});
    REQUIRE(features.front().pooled.size() == 2);
    CHECK(features.front().pooled[0] == Approx(0.5).margin(1e-4));
    CHECK(features.front().pooled[1] == Approx(0.3).margin(1e-4));
    const FeatureMap& map = features.front().maps.at(0);
    CHECK(map.width == 8);
    CHECK(map.height == 8);
    CHECK(map.at(1, 3)[0] == Approx(0.2).margin(1e-4));
    CHECK(map.at(6, 3)[0] == Approx(0.8).margin(1e-4));
}

TEST_CASE("a photo's features do not depend on the photos beside it", "[features]") {
    const std::vector<Image> images{test::random_pixels({300, 200}), test::plain({90, 200}, {10, 60, 200}),
                                    test::random_pixels({50, 50})};
    const Model model = test::tiny_model();
    const auto together = extract_features(model, images);
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto alone = extract_features(model, std::span(images).subspan(i, 1));
        CHECK(alone.front().pooled == together[i].pooled);
        CHECK(alone.front().content_id == together[i].content_id);
    }
}

TEST_CASE("every size from 1x1 gives features and a score", "[features][score]") {
    const auto size = GENERATE(Size{1, 1}, Size{1, 400}, Size{3000, 2}, Size{33, 17});
    const std::vector<Image> images{test::plain(size, {128, 128, 128})};
    const auto features = extract_features(test::tiny_model(), images);
    CHECK(features.front().photo == size);
    CHECK(std::isfinite(score(test::tiny_model(), features.front()).score));
}

TEST_CASE("the brighter of two photos scores higher, on the scale 1 to 10", "[score]") {
    const auto scored = [](int value) {
        const std::vector<Image> images{
            test::disc({120, 90}, .5, .5, .4, {value, value, value}, {value, 20, 20})};
        const auto features = extract_features(test::tiny_model(), images);
        return score(test::tiny_model(), features.front());
    };
    const Score dark = scored(30);
    const Score bright = scored(220);
    CHECK(dark.score < bright.score);
    CHECK(dark.score > 1);
    CHECK(bright.score < 10);
    CHECK(dark.stars.value() < bright.stars.value());
    CHECK(bright.generic == bright.score);
}

TEST_CASE("a flagged picture has a score but no stars", "[score]") {
    const std::vector<Image> images{test::plain({200, 200}, {90, 90, 90})};
    const auto features = extract_features(test::tiny_model(), images);
    const Score result = score(test::tiny_model(), features.front());
    CHECK(result.flags.has(Flag::flat));
    CHECK_FALSE(result.stars.has_value());
    CHECK(result.score > 1);
}

TEST_CASE("decode_size stays well above the network's input and below the photo", "[features]") {
    const Model model = test::tiny_model();
    const Size photo = GENERATE(Size{4000, 3000}, Size{3000, 4000}, Size{6000, 1000}, Size{70, 60});
    const Size needed = decode_size(model, photo);
    CHECK(needed.width <= photo.width);
    CHECK(needed.height <= photo.height);
    if (photo.width > 1000) {
        CHECK(needed.width < photo.width / 2);
        CHECK(needed.width * needed.height > 64 * 64 * 2);
        CHECK(static_cast<double>(needed.width) / needed.height ==
              Approx(static_cast<double>(photo.width) / photo.height).epsilon(0.03));
    }
}

TEST_CASE("a network that sees a square looks at the eighth of 12 megapixels, in 4:3 and 3:2", "[features]") {
    const auto preprocessing = parse_preprocessing(
        R"({"id": "square224", "side": 224, "mean": [127, 127, 127], "std": [128, 128, 128]})", "a model");
    for (const Size photo : {Size{4000, 3000}, Size{3000, 4000}, Size{4272, 2848}, Size{6000, 4000}}) {
        const Size needed = size_to_decode(preprocessing, photo);
        CHECK(needed == Size{photo.width / 8, photo.height / 8});
    }
    // Too little would be left of these.
    for (const Size photo : {Size{3264, 2448}, Size{4608, 2592}, Size{12000, 2000}}) {
        const Size needed = size_to_decode(preprocessing, photo);
        CHECK(needed.width >= 2.7 * 224);
        CHECK(needed.height >= 2.7 * 224);
    }
}

TEST_CASE("a photo far larger than needed scores as its means of 8x8 pixels", "[features]") {
    const Model model = test::tiny_model();
    const Image photo = test::random_pixels({1203, 902});
    REQUIRE(decode_block(photo.size(), decode_size(model, photo.size())) == 8);
    const std::vector<Image> both{photo, block_means(photo, 8)};
    const auto features = extract_features(model, both);
    CHECK(features[0].pooled == features[1].pooled);
    CHECK(features[0].attributes == features[1].attributes);
    CHECK(features[0].content_id == features[1].content_id);
}
