#include "crop/subject_head.h"

#include <random>

#include <piaa/error.h>

#include "crop/crop_head.h"
#include "crop/crop_maps.h"
#include "photo/integral_map.h"
#include "support/catch.h"
#include "support/temporary_folder.h"
#include "training/subject_fit.h"

using namespace piaa;

namespace {

constexpr int side = 8;
constexpr int channels = 6;

/// Noise, and two channels that tell a subject's places from others, as strongly as `loudness` says.
FeatureMap map_with_subject(int left, int top, int size, float loudness, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> noise(0, 0.2F);
    FeatureMap map{side, side, channels, {}};
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const bool inside = x >= left && x < left + size && y >= top && y < top + size;
            for (int c = 0; c < channels; ++c)
                map.values.push_back(loudness * (noise(random) + (c == (inside ? 1 : 4) ? 2.0F : 0.0F)));
        }
    return map;
}

Image mask_of(int left, int top, int size) {
    constexpr int scale = 4;
    Image mask({side * scale, side * scale}, std::vector<std::uint8_t>(side * side * scale * scale * 3));
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < side * scale; ++y)
        for (int x = 0; x < side * scale; ++x) {
            const bool inside =
                x / scale >= left && x / scale < left + size && y / scale >= top && y / scale < top + size;
            pixels.insert(pixels.end(), 3, inside ? 255 : 0);
        }
    return Image(mask.size(), std::move(pixels));
}

SubjectHead learned() {
    SubjectFit fit(0, channels);
    for (unsigned i = 0; i < 8; ++i)
        fit.add(map_with_subject(i % 4, i / 2, 3, 1, i), mask_of(i % 4, i / 2, 3));
    const auto [head, correlation] = fit.solve();
    CHECK(correlation > 0.9);
    return head;
}

}  // namespace

TEST_CASE("a subject is found where masks taught to look, however loud the map is", "[crop]") {
    const SubjectHead head = learned();
    for (const float loudness : {0.1F, 1.0F, 30.0F}) {
        const Plane chance = subject_chance(map_with_subject(5, 1, 2, loudness, 77), head);
        CHECK(chance.at(5, 1) > 0.7);
        CHECK(chance.at(6, 2) > 0.7);
        CHECK(chance.at(1, 6) < 0.3);
    }
}

TEST_CASE("one mask is too few to learn where subjects are", "[crop]") {
    SubjectFit fit(0, channels);
    fit.add(map_with_subject(1, 1, 3, 1, 1), mask_of(1, 1, 3));
    CHECK_THROWS_AS(fit.solve(), Error);
}

TEST_CASE("a crop head with a subject comes back from its file, and finds it", "[crop]") {
    CropHead head;
    head.subject = learned();
    head.stages = {1};
    head.weights = {0.25};
    head.expected = {Plane(crop_grid, crop_grid)};
    const test::TemporaryFolder folder;
    write_crop_heads(folder / "crop.safetensors", {{"network/square8", head}});
    const CropHead read = read_crop_heads(folder / "crop.safetensors").at("network/square8");
    REQUIRE(read.subject);
    CHECK(read.subject->weights == head.subject->weights);
    CHECK(read.subject->bias == head.subject->bias);

    Features features;
    features.maps = {map_with_subject(0, 0, 3, 1, 9)};
    const Plane standing = activation_saliency(features, read);
    CHECK(standing.at(4, 4) > standing.at(28, 28));
    const Plane subject = subject_map(*chance_for(features, read));
    CHECK(subject.at(4, 4) > 0);
    CHECK(subject.at(28, 28) == 0);
}

TEST_CASE("fits of parts of the pictures add up to the fit of all", "[crop]") {
    SubjectFit all(0, channels, 0.3), first(0, channels, 0.3), second(0, channels, 0.3);
    for (unsigned i = 0; i < 8; ++i) {
        const FeatureMap map = map_with_subject(i % 4, i / 2, 3, 1, i);
        all.add(map, mask_of(i % 4, i / 2, 3));
        (i < 3 ? first : second).add(map, mask_of(i % 4, i / 2, 3));
    }
    first.merge(second);
    const auto [head, correlation] = first.solve();
    const auto [expected, expected_correlation] = all.solve();
    CHECK(correlation == Approx(expected_correlation));
    for (int c = 0; c < channels; ++c) CHECK(head.weights[c] == Approx(expected.weights[c]).margin(1e-5));
}

TEST_CASE("heads come back from their file, and are found where a photo shows one", "[crop]") {
    CropHead head;
    head.heads = {learned(), 0.5};
    head.stages = {0};
    head.weights = {0.25};
    head.expected = {Plane(crop_grid, crop_grid)};
    const test::TemporaryFolder folder;
    write_crop_heads(folder / "crop.safetensors", {{"network/square8", head}});
    CropHead read = read_crop_heads(folder / "crop.safetensors").at("network/square8");
    CHECK_FALSE(read.subject);
    REQUIRE(read.heads);
    CHECK(read.heads->least == 0.5);
    CHECK(read.heads->reading.weights == head.heads->reading.weights);

    Features features;
    features.maps = {map_with_subject(1, 5, 2, 1, 9)};
    const Plane heads = head_map(features, read);
    CHECK(heads.at(8, 24) > 0);
    CHECK(heads.at(24, 8) == 0);
    CHECK(IntegralMap(heads).sum({}) * crop_grid * crop_grid == Approx(1).margin(1e-4));

    const auto is_empty = [](const Plane& plane) { return IntegralMap(plane).sum({}) == 0; };
    features.maps = {map_with_subject(0, 0, 0, 1, 9)};
    CHECK(is_empty(head_map(features, read)));
    features.maps = {FeatureMap{side, side, 1, std::vector<float>(side * side)}};  // of another model
    CHECK(is_empty(head_map(features, read)));
    read.heads.reset();
    CHECK(is_empty(head_map(features, read)));
}

TEST_CASE("of a subject that does not fit the head counts as much as the rest", "[crop]") {
    Plane part(crop_grid, crop_grid), heads(crop_grid, crop_grid);
    for (int x = 4; x < 24; ++x) part.at(x, 10) = 0.05F;
    CHECK(with_heads(part, heads).values == part.values);
    heads.at(22, 10) = 1;
    const Plane both = with_heads(part, heads);
    CHECK(both.at(22, 10) == Approx(0.525));
    CHECK(both.at(4, 10) == Approx(0.025));
}

TEST_CASE("the largest part of a subject is what hangs together", "[subject_head]") {
    Plane subject(crop_grid, crop_grid);
    const auto fill = [&](int left, int top, int right, int bottom, float value) {
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x) subject.at(x, y) = value;
    };
    fill(2, 2, 10, 10, 0.008F);
    fill(10, 10, 11, 11, 0.008F);  // touches the corner
    fill(11, 2, 20, 10, 0.003F);   // faint, between the two
    fill(20, 2, 24, 6, 0.01F);     // apart: stronger, but less of the subject
    const Plane part = largest_part(subject);
    CHECK(part.at(5, 5) > 0);
    CHECK(part.at(10, 10) > 0);
    CHECK(part.at(15, 5) == 0);
    CHECK(part.at(22, 4) == 0);
    CHECK(IntegralMap(part).sum({}) * crop_grid * crop_grid == Approx(1).margin(1e-4));
    CHECK(IntegralMap(largest_part(Plane(crop_grid, crop_grid))).sum({}) == 0);
}

TEST_CASE("text keeps off what stands out as the subject, unless that is unlikely to be one",
          "[subject_head]") {
    Plane subject(crop_grid, crop_grid);
    subject.at(3, 3) = 0.01F;
    subject.at(4, 3) = 0.004F;
    subject.at(5, 3) = 0.002F;
    const Plane core = subject_core(subject, {});
    CHECK(core.at(3, 3) == 1);
    CHECK(core.at(4, 3) == 1);
    CHECK(core.at(5, 3) == 0);
    Plane chance(crop_grid, crop_grid);
    chance.at(3, 3) = 0.8F;
    chance.at(4, 3) = 0.3F;
    CHECK(subject_core(subject, chance).at(3, 3) == 1);
    CHECK(subject_core(subject, chance).at(4, 3) == 0);
}
