#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <piaa/crop.h>
#include <piaa/error.h>

#include "support/catch.h"
#include "support/pictures.h"
#include "support/tiny_model.h"

using namespace piaa;

namespace {

Features features_of(const Image& image) {
    const std::vector<Image> images{image};
    return extract_features(test::tiny_model(), images, {.keep_maps = true}).front();
}

CropResult crops_of(const Image& image, const CropOptions& options = {}) {
    return find_crops(test::tiny_model(), features_of(image), options);
}

/// The tiny model answers to brightness, so a bright disc is what stands out.
Image bright_disc(Size size, double x, double y) {
    return test::disc(size, x, y, 0.12, {10, 10, 10}, {250, 250, 250});
}

Point middle(const PixelBox& box, Size photo) {
    const Box crop = normalized(box, photo);
    return {crop.x + crop.width / 2, crop.y + crop.height / 2};
}

}  // namespace

TEST_CASE("find_crops leans towards what stands out", "[crop]") {
    const Size size{480, 320};
    const CropResult result = crops_of(bright_disc(size, 0.75, 0.3), {.aspect = 1.0});
    const CropResult mirrored = crops_of(bright_disc(size, 0.25, 0.3), {.aspect = 1.0});
    CHECK(middle(result.crops.front().box, size).x > 0.51);
    CHECK(middle(mirrored.crops.front().box, size).x < 0.49);
    CHECK(result.focal_point.x == Approx(0.75).margin(0.08));
    CHECK(result.focal_point.y == Approx(0.3).margin(0.08));
}

TEST_CASE("of two boxes that do not fit together the larger one stays whole", "[crop]") {
    const Box large{0.04, 0.3, 0.3, 0.45}, small{0.72, 0.35, 0.24, 0.36};
    CropOptions options{.aspect = 1.0, .count = 1, .keep = {large, small}};
    const Size size{480, 320};
    const CropCandidate best = crops_of(bright_disc(size, 0.5, 0.5), options).crops.front();
    CHECK(best.violations == std::vector<std::string>{"keep"});
    const Box crop = normalized(best.box, size);
    CHECK(crop.x <= large.x + 1.5 / size.width);
    CHECK(crop.right() >= large.right());
}

TEST_CASE("crops come best first, inside the photo and different from each other", "[crop]") {
    const Size size{480, 320};
    const CropResult result = crops_of(bright_disc(size, 0.6, 0.4), {.count = 5});
    REQUIRE(result.crops.size() == 5);
    for (std::size_t i = 0; i < result.crops.size(); ++i) {
        const PixelBox& box = result.crops[i].box;
        CHECK(box.x >= 0);
        CHECK(box.y >= 0);
        CHECK(box.x + box.width <= size.width);
        CHECK(box.y + box.height <= size.height);
        if (i > 0) CHECK(result.crops[i].score <= result.crops[i - 1].score);
        for (std::size_t j = 0; j < i; ++j)
            CHECK(overlap(normalized(box, size), normalized(result.crops[j].box, size)) < 0.8);
    }
}

TEST_CASE("the same photo gives the same boxes", "[crop]") {
    const Image image = test::random_pixels({200, 150});
    const CropResult a = crops_of(image);
    const CropResult b = crops_of(image);
    REQUIRE(a.crops.size() == b.crops.size());
    for (std::size_t i = 0; i < a.crops.size(); ++i) CHECK(a.crops[i].box == b.crops[i].box);
}

TEST_CASE("several formats at once give what each gives alone", "[crop]") {
    const Features features = features_of(test::random_pixels({200, 150}));
    std::vector<CropOptions> formats(3);
    formats[1].aspect = 1.0;
    formats[2].blank = {{0, 0, 1, 0.3}};
    const auto together = find_crops(test::tiny_model(), features, formats);
    REQUIRE(together.size() == formats.size());
    for (std::size_t i = 0; i < formats.size(); ++i) {
        const CropResult alone = find_crops(test::tiny_model(), features, formats[i]);
        REQUIRE(together[i].crops.size() == alone.crops.size());
        for (std::size_t k = 0; k < alone.crops.size(); ++k) {
            CHECK(together[i].crops[k].box == alone.crops[k].box);
            CHECK(together[i].crops[k].score == alone.crops[k].score);
            CHECK(together[i].crops[k].copy.size() == alone.crops[k].copy.size());
        }
    }
}

TEST_CASE("any photo and any aspect gives a crop", "[crop]") {
    const Size size = GENERATE(Size{1, 1}, Size{3, 2}, Size{1, 40}, Size{2000, 100}, Size{64, 64});
    const auto aspect =
        GENERATE(std::optional<double>{}, std::optional{1.0}, std::optional{50.0}, std::optional{0.02});
    const CropResult result = crops_of(test::plain(size, {90, 90, 90}), {.aspect = aspect});
    REQUIRE_FALSE(result.crops.empty());
    for (const CropCandidate& crop : result.crops) {
        CHECK(crop.box.width >= 1);
        CHECK(crop.box.height >= 1);
        CHECK(crop.box.x + crop.box.width <= size.width);
        CHECK(crop.box.y + crop.box.height <= size.height);
        CHECK(crop.violations.empty());
    }
}

TEST_CASE("what must be kept stays whole although something else stands out", "[crop]") {
    const Size size{600, 400};
    CropOptions options{.aspect = 0.8};
    options.keep = {{0.02, 0.1, 0.15, 0.3}};
    const CropResult result = crops_of(bright_disc(size, 0.85, 0.5), options);
    for (const CropCandidate& crop : result.crops) {
        CHECK(crop.violations.empty());
        CHECK(crop.box.x <= 12);
        CHECK(crop.box.x + crop.box.width >= 102);
    }
}

TEST_CASE("where constraints cannot be met the best fallback says what it breaks", "[crop]") {
    CropOptions options{.aspect = 0.2};
    options.keep = {{0.1, 0.1, 0.8, 0.5}};
    const CropResult result = crops_of(bright_disc({600, 400}, 0.5, 0.5), options);
    CHECK(result.crops.front().violations == std::vector<std::string>{"keep"});
    options = {.min_pixels = {1000, 1000}};
    CHECK(crops_of(bright_disc({600, 400}, 0.5, 0.5), options).crops.front().violations ==
          std::vector<std::string>{"min_pixels"});
}

TEST_CASE("a crop of the smallest kept share is found for a share that only just fits", "[crop]") {
    const CropResult result = crops_of(bright_disc({600, 400}, 0.8, 0.5), {.aspect = 1.0, .min_kept = 0.66});
    CHECK(result.crops.front().violations.empty());
    CHECK(result.crops.front().kept >= 0.659);
}

TEST_CASE("room for text lies where the photo is calm", "[crop]") {
    CropOptions options{.aspect = 2 / 3.0};
    options.blank = {{0, 0, 1, 0.25}};
    const CropResult result = crops_of(bright_disc({600, 600}, 0.5, 0.6), options);
    const CropCandidate& best = result.crops.front();
    CHECK(best.violations.empty());
    REQUIRE(best.copy.size() == 1);
    CHECK(best.copy[0].calmness > 0.8);
    CHECK(best.copy[0].text == Colour{255, 255, 255});
}

TEST_CASE("a photo without calm room is cropped by what it shows, and flagged", "[crop]") {
    CropOptions options{.aspect = 2 / 3.0, .count = 1};
    const Image busy = test::random_pixels({300, 300});
    const CropCandidate without = crops_of(busy, options).crops.front();
    options.blank = {{0, 0, 1, 0.25}};
    const CropCandidate best = crops_of(busy, options).crops.front();
    CHECK(best.violations == std::vector<std::string>{"blank"});
    CHECK(best.kept > 0.8 * without.kept);
}

TEST_CASE("text lies on the subject only where no place is free, and the crop says so", "[crop]") {
    // Calm all over, bright in one place; most of the photo has to stay.
    const bool free = GENERATE(true, false);
    const Image photo = test::disc({200, 200}, .5, .7, .2, {30, 30, 30}, {250, 250, 250});
    CropOptions options{.aspect = 1.0, .count = 1, .min_kept = .9};
    options.blank = {free ? Box{.1, 0, .8, .2} : Box{.1, .5, .8, .4}};
    const auto best = find_crops(test::tiny_model(), features_of(photo), options).crops.front();
    CHECK((best.violations == std::vector<std::string>{"blank"}) == !free);
    CHECK((best.reasons.front() == "the text would lie on what may be the subject") == !free);
}

TEST_CASE("taste moves crops", "[crop]") {
    const Features features = features_of(bright_disc({480, 320}, 0.5, 0.5));
    const auto likes = [&](float sign) {
        CropOptions options{.aspect = 1.0, .count = 1};
        options.taste = [sign](std::span<const float> pooled) { return sign * pooled[0]; };
        return find_crops(test::tiny_model(), features, options).crops.front().kept;
    };
    CHECK(likes(1) < likes(-1));  // a tight crop of a bright disc is brighter
}

TEST_CASE("neither taste nor calm room for text pushes the subject out", "[crop]") {
    const Size size{480, 320};
    const double place = GENERATE(0.2, 0.8);
    const Features features = features_of(bright_disc(size, place, 0.5));
    CropOptions options{.aspect = 0.8, .count = 3};
    if (GENERATE(false, true)) options.blank = {{0, 0, 1, 0.2}};
    options.taste = [](std::span<const float> pooled) { return -pooled[0]; };  // likes the dark
    for (const CropCandidate& crop : find_crops(test::tiny_model(), features, options).crops) {
        const Box box = normalized(crop.box, size);
        CHECK(box.x <= place - 0.07);
        CHECK(box.right() >= place + 0.07);
    }
}

TEST_CASE("of the crops that frame best the one comes first that its judge likes best", "[crop]") {
    const Size size{480, 320};
    const Features features = features_of(test::random_pixels(size));
    const double sign = GENERATE(1.0, -1.0);
    std::vector<double> heard;
    CropOptions options{.count = 3, .looks = 5};
    options.judge = [&](const Features& crop) {
        heard.push_back(sign * crop.pooled[0]);
        return heard.back();
    };
    const CropResult judged = find_crops(test::tiny_model(), features, options);
    REQUIRE(heard.size() == 5);
    CHECK(judged.crops.size() == 3);
    const PixelBox& best = judged.crops.front().box;
    std::vector<std::uint8_t> pixels;
    for (int y = best.y; y < best.y + best.height; ++y)
        pixels.insert(pixels.end(), features.picture->at(best.x, y),
                      features.picture->at(best.x, y) + std::ptrdiff_t{best.width} * 3);
    const Image cut[] = {Image({best.width, best.height}, pixels)};
    const double alone = sign * extract_features(test::tiny_model(), cut).front().pooled[0];
    CHECK(alone == *std::max_element(heard.begin(), heard.end()));
    for (std::size_t i = 1; i < judged.crops.size(); ++i)
        CHECK(overlap(normalized(best, size), normalized(judged.crops[i].box, size)) < options.most_overlap);
}

TEST_CASE("without looks or without a picture a judge is not asked", "[crop]") {
    Features features = features_of(test::random_pixels({480, 320}));
    CropOptions options{.count = 3};
    const CropResult unjudged = find_crops(test::tiny_model(), features, options);
    options.judge = [](const Features&) -> double { throw Error(ErrorCode::bad_argument, "asked"); };
    if (GENERATE(false, true))
        options.looks = 0;
    else
        features.picture.reset();
    const CropResult judged = find_crops(test::tiny_model(), features, options);
    REQUIRE(judged.crops.size() == unjudged.crops.size());
    for (std::size_t i = 0; i < judged.crops.size(); ++i) CHECK(judged.crops[i].box == unjudged.crops[i].box);
}

TEST_CASE("a judge chooses among crops that hold the subject", "[crop]") {
    const Size size{480, 320};
    const double place = GENERATE(0.2, 0.8);
    const Features features = features_of(bright_disc(size, place, 0.5));
    CropOptions options{.aspect = 0.8, .count = 3, .looks = 20};
    options.judge = [](const Features& crop) { return -crop.pooled[0]; };  // likes the dark
    for (const CropCandidate& crop : find_crops(test::tiny_model(), features, options).crops) {
        const Box box = normalized(crop.box, size);
        CHECK(box.x <= place - 0.07);
        CHECK(box.right() >= place + 0.07);
    }
}

TEST_CASE("a crop that alone holds the subject is still compared with all of its format", "[crop]") {
    const Size size{480, 320};
    const Image bar = test::painted(size, [](int x, int y) {
        const bool inside = 40 < x && x < 330 && 130 < y && y < 190;
        return inside ? test::Colour{250, 250, 250} : test::Colour{10, 10, 10};
    });
    CHECK(crops_of(bar, {.aspect = 1.0, .count = 1}).crops.front().score < 0.95);
}

TEST_CASE("crops that hold the subject and those that do not come best first", "[crop]") {
    const Size size{480, 320};
    const Image image = bright_disc(size, GENERATE(0.15, 0.3, 0.85), 0.5);
    const auto crops = crops_of(image, {.aspect = GENERATE(0.5, 1.0), .count = 5, .most_overlap = 0.9}).crops;
    REQUIRE(crops.size() > 2);
    for (std::size_t i = 1; i < crops.size(); ++i) CHECK(crops[i].score <= crops[i - 1].score);
}

TEST_CASE("a subject too wide for the format is said to be, and its middle is kept", "[crop]") {
    const Size size{480, 320};
    const auto bar = [&](double left, double right) {
        return crops_of(test::painted(
                            size,
                            [=](int x, int y) {
                                const bool inside = left * 480 < x && x < right * 480 && 130 < y && y < 190;
                                return inside ? test::Colour{250, 250, 250} : test::Colour{10, 10, 10};
                            }),
                        {.aspect = 0.5, .count = 1})
            .crops.front();
    };
    const std::string said = "what may be the subject does not fit whole, its middle is kept";
    const CropCandidate wide = bar(0.1, 0.9);
    REQUIRE_FALSE(wide.reasons.empty());
    CHECK(wide.reasons.front() == said);
    CHECK(middle(wide.box, size).x == Approx(0.5).margin(0.15));
    CHECK(bar(0.32, 0.68).reasons.front() == said);  // by a tenth only
    CHECK(bar(0.45, 0.55).reasons.front() != said);
}

TEST_CASE("features without maps are refused", "[crop]") {
    CHECK_THROWS_WITH(find_crops(test::tiny_model(), Features{}),
                      "features hold 0 stage maps and should hold 1");
}
