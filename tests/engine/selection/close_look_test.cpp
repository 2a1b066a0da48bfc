#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include <piaa/close_look.h>
#include <piaa/error.h>

#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

constexpr Size size{800, 600};
constexpr Box subject_box{0.25, 0.25, 0.25, 0.25};

/// Grains of three pixels, drawn by their place.
int grain(int x, int y) {
    unsigned block = static_cast<unsigned>((x / 3 + 1000) * 4096 + y / 3 + 1000);
    for (int round = 0; round < 3; ++round) block = (block ^ block >> 15) * 2654435761U + 12345U;
    return 60 + static_cast<int>(block >> 24) / 2;
}

using Where = std::function<bool(double x, double y)>;

/// Means of grains over what `kernel` says where `blurs` says so. kernel: offsets.
Image grains(const std::vector<std::pair<int, int>>& kernel, const Where& blurs, int light = 0) {
    return test::painted(size, [&](int x, int y) {
        int value = grain(x, y);
        if (blurs((x + 0.5) / size.width, (y + 0.5) / size.height)) {
            value = 0;
            for (const auto& [right, down] : kernel) value += grain(x + right, y + down);
            value /= static_cast<int>(kernel.size());
        }
        value = std::clamp(value + light, 0, 255);
        return test::Colour{value, value, value};
    });
}

/// A movement over so many pixels.
Image moved(int right, int down, const Where& blurs) {
    std::vector<std::pair<int, int>> line;
    for (int i = 0; i < std::max(right, down); ++i) line.emplace_back(right > 1 ? i : 0, down > 1 ? i : 0);
    return grains(line, blurs);
}

/// A lens that is focused elsewhere.
Image unfocused(double radius, const Where& blurs, int light = 0) {
    std::vector<std::pair<int, int>> disc;
    for (int y = -9; y <= 9; ++y)
        for (int x = -9; x <= 9; ++x)
            if (x * x + y * y <= radius * radius) disc.emplace_back(x, y);
    return grains(disc, blurs, light);
}

bool in_subject(double x, double y) {
    return x > subject_box.x && x < subject_box.right() && y > subject_box.y && y < subject_box.bottom();
}

bool everywhere(double, double) {
    return true;
}

std::vector<float> subject() {
    std::vector<float> shares;
    for (int row = 0; row < subject_grid; ++row)
        for (int column = 0; column < subject_grid; ++column)
            shares.push_back(in_subject((column + 0.5) / subject_grid, (row + 0.5) / subject_grid) ? 1.0F / 64
                                                                                                   : 0);
    return shares;
}

CloseLook look(const Image& image, std::vector<Box> faces = {}) {
    return look_closely(image, subject(), faces);
}

std::vector<GroupPlace> compared(std::vector<CloseLook> looks) {
    return compare_in_group(std::vector<double>(looks.size(), 5.0), looks);
}

const Image& sharp() {
    static const Image image = unfocused(0, everywhere);
    return image;
}

}  // namespace

TEST_CASE("a frame whose subject is out of focus loses, however sharp the rest is", "[pick]") {
    const Image missed = unfocused(4, in_subject);
    const Image good = unfocused(2.5, [](double x, double y) { return !in_subject(x, y); });
    const std::vector<CloseLook> looks = {look(missed), look(good)};
    const auto places = compare_in_group(std::vector<double>{6.0, 5.0}, looks);
    CHECK(places[1].value == 0);
    CHECK(places[0].value < -0.5);
    CHECK(places[0].soft_subject());
    CHECK_FALSE(places[0].shaken());
    CHECK_FALSE(places[1].soft_subject());
    CHECK_THAT(in_words(places[0], places), ContainsSubstring("out of focus"));
    CHECK(in_words(places[1], places) == "best of 2: its subject is the sharpest");
}

TEST_CASE("blur along one direction is told apart from a missed focus", "[pick]") {
    const auto places = compared({look(sharp()), look(moved(9, 1, everywhere)), look(moved(1, 9, everywhere)),
                                  look(unfocused(4, everywhere))});
    CHECK(places[0].value == 0);
    CHECK(places[1].shaken());
    CHECK(places[1].direction == 0);
    CHECK_THAT(in_words(places[1], places), ContainsSubstring("from side to side"));
    CHECK(places[2].shaken());
    CHECK(places[2].direction == 2);
    CHECK_FALSE(places[3].shaken());
}

TEST_CASE("where all frames show a head, its sharpness counts", "[pick]") {
    const Box head{0.6, 0.6, 0.2, 0.3};
    const auto in_head = [head](double x, double y) {
        return x > head.x && x < head.right() && y > head.y && y < head.bottom();
    };
    const Image soft_head = unfocused(2.5, in_head);
    CHECK(compared({look(sharp(), {head}), look(soft_head, {head})})[1].soft_subject());
    CHECK_FALSE(compared({look(sharp(), {head}), look(soft_head)})[1].soft_subject());
    const Box far_away{0.6, 0.6, 0.02, 0.03};
    CHECK_FALSE(compared({look(sharp(), {far_away}), look(soft_head, {far_away})})[1].soft_subject());
}

TEST_CASE("exposure is no sharpness, but counts by itself", "[pick]") {
    const auto places = compared({look(sharp()), look(sharp()), look(unfocused(0, everywhere, 60))});
    CHECK(places[2].value < 0);
    CHECK_FALSE(places[2].soft_subject());
    CHECK(in_words(places[2], places) == "brighter than most of them");
    CHECK(look_closely(test::plain({64, 48}, {255, 255, 255}), subject()).clipped == 1);
}

TEST_CASE("a photo in which nothing stands out is compared as a whole", "[pick]") {
    const std::vector<float> nothing(subject_grid * subject_grid, 0);
    const auto places =
        compared({look_closely(sharp(), nothing), look_closely(unfocused(2, everywhere), nothing)});
    CHECK(places[1].soft_subject());
}

TEST_CASE("photos of any size can be looked at, and one that cannot comes last", "[pick]") {
    for (const Size tiny : {Size{1, 1}, Size{5, 900}, Size{33, 7}})
        CHECK_NOTHROW(look(test::random_pixels(tiny)));
    const auto places = compared({CloseLook{}, look(sharp())});
    CHECK(places[1].value == 0);
    CHECK(places[0].value < -1);
    CHECK_FALSE(places[0].soft_subject());
    CHECK(in_words(places[0], places) == "could not be looked at closely");
    CHECK(compared({}).empty());
    CHECK_THROWS_AS(look_closely(sharp(), std::vector<float>(4, 0.25F)), Error);
    CHECK_THROWS_AS(compare_in_group(std::vector<double>{1.0}, std::vector<CloseLook>{}), Error);
}

TEST_CASE("a copy that was saved again more coarsely is not sharper than its original", "[pick]") {
    CloseLook original = look(sharp());
    CloseLook copy = original;
    for (FineDetail& place : copy.places)
        for (float& energy : place.energy) energy *= 1.4F;
    CHECK(compared({original, copy})[0].softest > 0.1);  // nothing is known of how they were stored
    original.rounding = 4;
    copy.rounding = 20;
    CHECK(compared({original, copy})[0].softest == 0);
    CHECK(compared({copy, original})[1].softest == 0);
    CHECK(compare_in_group(std::vector<double>{5.0, 5.3}, std::vector<CloseLook>{original, copy})[0].value ==
          0);
    CHECK(compared({original, copy})[1].value < 0);

    // The network sees the subject elsewhere in the copy, so that some places were looked at in other tiles.
    CloseLook elsewhere = copy;
    for (std::size_t i = 0; i < elsewhere.places.size(); i += 16) elsewhere.places[i].light += 30;
    CHECK(compared({original, elsewhere})[0].softest == 0);

    // A copy of the copy comes behind it, whatever else is there.
    CloseLook again = copy;
    again.rounding = 30;
    for (FineDetail& place : again.places)
        for (float& energy : place.energy) energy *= 1.2F;
    const auto three = compared({again, original, copy});
    CHECK(three[1].value == 0);
    CHECK(three[2].value < three[1].value);
    CHECK(three[0].value < three[2].value);

    // No rounding doubles the detail, so this was another focus from a tripod.
    CloseLook focused = copy;
    for (FineDetail& place : focused.places)
        for (float& energy : place.energy) energy *= 5;
    CHECK(compared({original, focused})[0].softest > 1);

    // A frame of another moment may be the sharper one, however it is stored.
    for (std::size_t i = 0; i < copy.places.size(); ++i) copy.places[i].light += i % 2 == 0 ? 2.0F : -2.0F;
    CHECK(compared({original, copy})[0].softest > 0.1);
}

TEST_CASE("what hardly differs is said to be alike, and a much better score still wins", "[pick]") {
    const std::vector<CloseLook> looks = {look(sharp()), look(sharp())};
    const auto alike = compare_in_group(std::vector<double>{5.05, 5.0}, looks);
    CHECK(in_words(alike[0], alike) == "best of 2: all are much alike");
    CHECK(in_words(alike[1], alike) == "nearly as good as the best");
    const std::vector<CloseLook> softer = {look(sharp()), look(unfocused(1, everywhere))};
    const auto better = compare_in_group(std::vector<double>{2.0, 9.0}, softer);
    CHECK(better[1].value == 0);
    CHECK_THAT(in_words(better[0], better), ContainsSubstring("score is lower by 7.0"));
}

TEST_CASE("it is said where a photo is sharp", "[pick]") {
    const auto said = [](const Image& image) { return sharpness_in_words(look(image)); };
    const auto right = [](double x, double) { return x > 0.66; };
    CHECK_THAT(
        said(unfocused(3, [&](double x, double y) { return !right(x, y); })),
        ContainsSubstring("right") && ContainsSubstring("the subject is softer than the photo as a whole"));
    CHECK_THAT(said(unfocused(3, [](double x, double y) { return !in_subject(x, y); })),
               ContainsSubstring("the subject is sharper"));
    CHECK(said(test::plain(size, {120, 120, 120})) == "No place of it has fine detail.");
    CHECK(sharpness_in_words({}).empty());
}
