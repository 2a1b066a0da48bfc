#include <algorithm>
#include <cmath>
#include <numeric>

#include <piaa/error.h>

#include "crop/crop_candidates.h"
#include "crop/crop_constraints.h"
#include "crop/crop_maps.h"
#include "crop/crop_reasons.h"
#include "crop/text_area.h"
#include "model/region_pooling.h"
#include "photo/integral_map.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

/// One channel that grows by 1 a column and by 10 a row.
FeatureMap ramp(int width, int height) {
    FeatureMap map{width, height, 1, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) map.values.push_back(static_cast<float>(x + 10 * y));
    return map;
}

Features with_bright_spot(double x, double y) {
    FeatureMap map{16, 16, 1, {}};
    for (int row = 0; row < 16; ++row)
        for (int column = 0; column < 16; ++column)
            map.values.push_back(std::hypot((column + 0.5) / 16 - x, (row + 0.5) / 16 - y) < 0.15 ? 1.0F
                                                                                                  : 0.0F);
    Features features;
    features.maps.push_back(std::move(map));
    return features;
}

CropHead plain_head() {
    CropHead head;
    head.stages = {0};
    head.weights = {0.2};
    head.expected = {Plane(crop_grid, crop_grid)};
    return head;
}

}  // namespace

TEST_CASE("overlap is 1 for equal boxes, 0 for boxes apart", "[crop]") {
    CHECK(overlap({0.1, 0.1, 0.5, 0.5}, {0.1, 0.1, 0.5, 0.5}) == Approx(1));
    CHECK(overlap({0, 0, 0.2, 1}, {0.5, 0, 0.2, 1}) == 0);
    CHECK(overlap({0, 0, 0.5, 1}, {0.25, 0, 0.5, 1}) == Approx(1.0 / 3));
}

TEST_CASE("an integral map sums boxes that cut through pixels", "[crop]") {
    Plane plane(2, 2);
    plane.values = {1, 2, 3, 4};
    const IntegralMap map(plane);
    CHECK(map.sum({}) == Approx(10 / 4.0));
    CHECK(map.mean({0, 0, 0.5, 0.5}) == Approx(1));
    CHECK(map.mean({0.25, 0, 0.5, 0.5}) == Approx(1.5));
    CHECK(map.mean({0.25, 0.25, 0.5, 0.5}) == Approx(2.5));
    CHECK(map.mean({1, 1, 0, 0}) == Approx(4));
}

TEST_CASE("roi_align reads a map between its places", "[crop]") {
    const FeatureMap map = ramp(8, 4);
    const auto whole = roi_align(map, {}, 4);
    REQUIRE(whole.size() == 16);
    CHECK(whole.front() == Approx(0.5));  // a quarter of two columns, the middle of the first row
    CHECK(whole.back() == Approx(6.5 + 30));
    const auto one = roi_align(map, {0.25, 0.25, 0.125, 0.25}, 1);
    CHECK(one.front() == Approx(2 + 10));
}

TEST_CASE("roi_align goes on with the border's values outside", "[crop]") {
    for (const float value : roi_align(ramp(1, 1), {0, 0, 1, 1}, 3)) CHECK(value == 0);
}

TEST_CASE("pooling the whole photo region by region gives its own mean and deviation", "[crop]") {
    const std::vector<FeatureMap> maps{ramp(6, 6)};
    const auto pooled = pooled_region(maps, std::vector<Stage>{{1, 1}}, {});
    REQUIRE(pooled.size() == 2);
    CHECK(pooled[0] == Approx(27.5));
    CHECK(pooled[1] == Approx(std::sqrt(35 / 12.0 * 101)).margin(0.01));
}

TEST_CASE("what stands out is kept, and the crop that agrees best moves towards it", "[crop]") {
    const CropHead head = plain_head();
    const Features features = with_bright_spot(0.75, 0.7);
    const IntegralMap keep(keep_map(activation_saliency(features, head), head));
    const Box left_top{0, 0, 0.8, 0.8};
    const Box right_bottom{0.2, 0.2, 0.8, 0.8};
    CHECK(agreement(keep, right_bottom) > agreement(keep, left_top));
}

TEST_CASE("the surroundings of a subject are two places to each side, also at the border", "[crop]") {
    Plane subject(crop_grid, crop_grid);
    subject.at(10, 20) = 1;
    const Plane inner = with_surroundings(subject);
    CHECK(inner.at(8, 22) == Approx(1 / 25.0));
    CHECK(inner.at(12, 18) == Approx(1 / 25.0));
    CHECK(inner.at(7, 20) == 0);
    CHECK(inner.at(10, 23) == 0);
    subject.at(10, 20) = 0;
    subject.at(0, 0) = 1;
    CHECK(with_surroundings(subject).at(2, 2) == Approx(1 / 9.0));
    subject.at(0, 0) = 0;
    CHECK(with_surroundings(subject).values == subject.values);
}

TEST_CASE("a subject leans to its upper end, column by column", "[crop]") {
    Plane subject(crop_grid, crop_grid);
    for (int y = 10; y < 20; ++y) subject.at(5, y) = 0.05F;
    for (int y = 15; y < 20; ++y) subject.at(6, y) = 0.1F;
    const Plane leaning = leaning_up(subject);
    CHECK(leaning.at(5, 10) > 2 * leaning.at(5, 19));
    CHECK(leaning.at(6, 15) > leaning.at(6, 19));
    for (const int x : {5, 6}) {
        float sum = 0;
        for (int y = 0; y < crop_grid; ++y) sum += leaning.at(x, y);
        CHECK(sum == Approx(0.5));
    }
    const Plane nothing(crop_grid, crop_grid);
    CHECK(leaning_up(nothing).values == nothing.values);
}

TEST_CASE("only what holds little of the subject is called calm", "[crop]") {
    Plane stands_out(crop_grid, crop_grid), body(crop_grid, crop_grid);
    for (int y = 0; y < crop_grid; ++y)
        for (int x = crop_grid / 2; x < crop_grid; ++x) stands_out.at(x, y) = 1;
    const Box right{0.3, 0, 0.7, 1};
    const auto left_is_calm = [&] {
        const auto reasons = crop_reasons(IntegralMap(stands_out), IntegralMap(body), {0.75, 0.5}, right);
        return std::find(reasons.begin(), reasons.end(), "leaves out what is calm on the left") !=
               reasons.end();
    };
    body.at(crop_grid - 1, 5) = 1;
    CHECK(left_is_calm());
    for (int x = 0; x < crop_grid; ++x) body.at(x, 5) = 1;
    CHECK_FALSE(left_is_calm());
}

TEST_CASE("a subject keeps its faint ends, and what is faint throughout is none of it", "[crop]") {
    Plane subject(crop_grid, crop_grid);
    subject.at(10, 10) = 1;
    subject.at(11, 11) = 0.2F;   // a foot
    subject.at(12, 11) = 0.05F;  // its shadow
    subject.at(20, 10) = 0.6F;   // a second animal
    subject.at(25, 25) = 0.4F;   // a bush
    subject.at(26, 25) = 0.3F;
    const Plane clear = without_faint_parts(subject);
    CHECK(clear.at(11, 11) == Approx(0.2 / 1.8));
    CHECK(clear.at(20, 10) == Approx(0.6 / 1.8));
    CHECK(clear.at(12, 11) == 0);
    CHECK(clear.at(25, 25) == 0);
    const Plane nothing(crop_grid, crop_grid);
    CHECK(without_faint_parts(nothing).values == nothing.values);
}

TEST_CASE("the box of a subject has a fifth of its sides around it, as far as the photo goes", "[crop]") {
    Plane subject(crop_grid, crop_grid);
    CHECK_FALSE(subject_box(subject));
    for (int y = 8; y < 18; ++y)
        for (int x = 0; x < 10; ++x) subject.at(x, y) = 1;
    subject.at(31, 31) = 0.2F;  // too faint to count
    const Box box = subject_box(subject).value();
    CHECK(box.x == 0);
    CHECK(box.right() == Approx(12.0 / crop_grid));
    CHECK(box.y == Approx(6.0 / crop_grid));
    CHECK(box.bottom() == Approx(20.0 / crop_grid));
}

TEST_CASE("a single loud place does not stick out of what is kept", "[crop]") {
    Plane spot(crop_grid, crop_grid);
    spot.at(30, 16) = 1;
    const Plane keep = keep_map(spot, CropHead{});
    CHECK(std::abs(keep.at(30, 16) - keep.at(29, 16)) < 0.2);
    CHECK(keep.at(30, 16) > keep_map(Plane(crop_grid, crop_grid), CropHead{}).at(30, 16));
}

TEST_CASE("agreement drifts neither to tight crops nor to the whole frame", "[crop]") {
    const CropHead head = plain_head();
    Features features = with_bright_spot(0.5, 0.5);
    features.maps[0].values.assign(256, 1.0F);  // nothing stands out
    const IntegralMap keep(keep_map(activation_saliency(features, head), head));
    const auto centred = [&](double size) {
        return agreement(keep, {0.5 - size / 2, 0.5 - size / 2, size, size});
    };
    CHECK(centred(0.85) > centred(0.5));
    CHECK(centred(0.85) > centred(1));
}

TEST_CASE("candidates have the aspect asked for and lie inside the photo", "[crop]") {
    const double aspect = GENERATE(0.1, 0.5625, 1.0, 1.91, 20.0);
    const Size photo = GENERATE(Size{600, 400}, Size{4000, 200}, Size{100, 2000});
    const auto crops = crop_candidates({.photo = photo, .aspect = aspect});
    REQUIRE_FALSE(crops.empty());
    for (const Box& crop : crops) {
        REQUIRE(crop.width * photo.width / (crop.height * photo.height) == Approx(aspect));
        REQUIRE(crop.x >= -1e-9);
        REQUIRE(crop.y >= -1e-9);
        REQUIRE(crop.right() <= 1 + 1e-9);
        REQUIRE(crop.bottom() <= 1 + 1e-9);
    }
}

TEST_CASE("a wide photo has free candidates as a square one has", "[crop]") {
    CHECK(crop_candidates({.photo = {1000, 1000}}).size() > 300);
    CHECK(crop_candidates({.photo = {2400, 1000}}).size() > 300);
    CHECK(crop_candidates({.photo = {4000, 200}}).size() > 100);
}

TEST_CASE("if a crop of an aspect can hold what is kept with its margin, a candidate does", "[crop]") {
    const Box keep = GENERATE(Box{0.02, 0.4, 0.1, 0.1}, Box{0.3, 0.1, 0.37, 0.7}, Box{0.85, 0.8, 0.1, 0.15});
    CropOptions options;
    options.aspect = 1;
    options.keep = {keep};
    options.margin = 0.05;
    const CropConstraints constraints(options, {900, 600});
    const auto crops = crop_candidates(constraints.space());
    CHECK(std::any_of(crops.begin(), crops.end(), [&](const Box& crop) {
        return constraints.check(constraints.in_pixels(crop)).violations().empty();
    }));
}

TEST_CASE("constraints name what a crop breaks", "[crop]") {
    CropOptions options;
    options.keep = {{0.1, 0.1, 0.2, 0.2}};
    options.margin = 0.1;
    options.min_kept = 0.5;
    options.min_pixels = {60, 60};
    options.blank = {{0, 0, 0.5, 0.5}};
    const CropConstraints constraints(options, {100, 100});
    using Names = std::vector<std::string>;
    CHECK(constraints.check({20, 20, 75, 75}).violations() == Names{"keep", "blank"});
    CHECK(constraints.check({5, 5, 50, 50}).violations() == Names{"blank", "min_kept", "min_pixels"});
    CHECK(constraints.check({8, 8, 80, 80}).violations() == Names{"margin", "blank"});
}

TEST_CASE("crop options out of range are refused by name", "[crop]") {
    CropOptions options;
    options.aspect = -1;
    CHECK_THROWS_WITH(CropConstraints(options, {9, 9}), "crop aspect should be a number above 0");
    options = {};
    options.keep = {{0.5, 0.5, 0.6, 0.1}};
    CHECK_THROWS_AS(CropConstraints(options, {9, 9}), Error);
}

TEST_CASE("text goes where it is calm, in the colour that reads", "[crop]") {
    const Image image = test::painted({120, 80}, [](int x, int y) {
        if (x < 60) return test::Colour{20, 30, 60};
        const int value = (x / 4 + y / 4) % 2 * 255;
        return test::Colour{value, value, value};
    });
    const TextAreaMeter meter(Plane(crop_grid, crop_grid), image);
    const TextArea calm = meter.measure({0, 0, 0.45, 1});
    CHECK(calm.calmness > 0.9);
    CHECK(calm.background == Colour{20, 30, 60});
    CHECK(calm.text == Colour{255, 255, 255});
    CHECK(calm.contrast > 10);
    CHECK(meter.calmness({0.55, 0, 0.45, 1}) < 0.5);
}

TEST_CASE("text reads as well as at the worst place under it", "[crop]") {
    const Image image = test::painted({120, 80}, [](int x, int) {
        return x < 96 ? test::Colour{10, 10, 10} : test::Colour{230, 230, 230};
    });
    const TextAreaMeter meter(Plane(crop_grid, crop_grid), image);
    CHECK(meter.measure({0, 0, 0.7, 1}).contrast > 15);
    CHECK(meter.measure({0, 0, 1, 1}).contrast < 2);  // mostly black, but white on white at its end
}

TEST_CASE("text gets the least scrim that lets it read everywhere", "[crop]") {
    const Image image = test::painted({120, 80}, [](int x, int) {
        return x < 60 ? test::Colour{30, 40, 60} : test::Colour{170, 180, 190};
    });
    const TextAreaMeter meter(Plane(crop_grid, crop_grid), image);
    const Box all{0, 0, 1, 1};
    const TextArea plain = meter.measure(all, {{{255, 255, 255}}, 0});
    CHECK(plain.scrim == 0);
    CHECK(plain.contrast < 3);
    CHECK(plain.contrast_on_scrim == plain.contrast);

    const TextArea helped = meter.measure(all, {{{255, 255, 255}}, 4.5});
    CHECK(helped.contrast == plain.contrast);
    CHECK(helped.scrim_colour == Colour{0, 0, 0});
    CHECK(helped.contrast_on_scrim >= 4.5);
    // The same by hand: the scrim is laid over the pixels. A little less of it is not enough.
    const auto under = [&](double opacity) {
        const Image covered = test::painted({120, 80}, [&](int x, int) {
            const auto mixed = [&](int value) {
                return static_cast<int>(std::lround(value * (1 - opacity)));
            };
            return x < 60 ? test::Colour{mixed(30), mixed(40), mixed(60)}
                          : test::Colour{mixed(170), mixed(180), mixed(190)};
        });
        return TextAreaMeter(Plane(crop_grid, crop_grid), covered)
            .measure(all, {{{255, 255, 255}}, 0})
            .contrast;
    };
    CHECK(under(helped.scrim) == Approx(4.5).margin(0.1));
    CHECK(under(helped.scrim - 0.03) < 4.5);
    CHECK(meter.measure({0, 0, 0.4, 1}, {{{255, 255, 255}}, 4.5}).scrim == 0);
}

TEST_CASE("of a brand's colours the one that needs the least scrim is taken", "[crop]") {
    const Image image = test::plain({100, 100}, {200, 205, 210});
    const TextAreaMeter meter(Plane(crop_grid, crop_grid), image);
    const Colour light{250, 220, 120}, dark{60, 20, 30};
    CHECK(meter.measure({0, 0, 1, 1}, {{light, dark}, 4.5}).text == dark);
    CHECK(meter.measure({0, 0, 1, 1}, {{light}, 4.5}).scrim > 0.3);
    // No layer makes a middling grey read at 7, which is told.
    const TextArea lost = meter.measure({0, 0, 1, 1}, {{{128, 128, 128}}, 7});
    CHECK(lost.scrim == 1);
    CHECK(lost.contrast_on_scrim < 7);
}

TEST_CASE("one busy part spoils room for text more than its share", "[crop]") {
    const Image image = test::painted({120, 60}, [](int x, int y) {
        const int value = x >= 84 && y >= 42 ? (x + y) % 2 * 255 : 90;
        return test::Colour{value, value, value};
    });
    const TextAreaMeter meter(Plane(crop_grid, crop_grid), image);
    CHECK(meter.calmness({0, 0, 0.6, 1}) > 0.9);
    CHECK(meter.calmness({0, 0, 1, 1}) < 0.7);  // nine tenths of it are plain
}
