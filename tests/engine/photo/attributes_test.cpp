#include <cmath>

#include <piaa/attributes.h>

#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;
using test::Colour;

namespace {

float measure(const Image& image, Attribute attribute) {
    return measure_attributes(image)[static_cast<std::size_t>(attribute)];
}

constexpr Colour grey{128, 128, 128};
constexpr Colour white{255, 255, 255};
constexpr Colour black{0, 0, 0};

/// Thin vertical lines in part of the frame, grey elsewhere.
Image lines_where(const std::function<bool(double x, double y)>& inside) {
    return test::painted({120, 80}, [&](int x, int y) {
        if (!inside((x + 0.5) / 120, (y + 0.5) / 80)) return grey;
        return x % 2 == 0 ? black : white;
    });
}

}  // namespace

TEST_CASE("every attribute is a number from 0 to 1 whatever the picture", "[attributes]") {
    const auto size = GENERATE(Size{1, 1}, Size{1, 500}, Size{500, 1}, Size{2, 2}, Size{300, 200});
    for (const Image& image : {test::plain(size, black), test::plain(size, white),
                               test::plain(size, {200, 30, 90}), test::random_pixels(size)})
        for (const float value : measure_attributes(image)) {
            CHECK(value >= 0);
            CHECK(value <= 1);
        }
}

TEST_CASE("a plain picture has the neutral value of every attribute", "[attributes]") {
    const Image image = test::plain({90, 60}, grey);
    CHECK(measure(image, Attribute::colourfulness) == 0);
    CHECK(measure(image, Attribute::saturation) == 0);
    CHECK(measure(image, Attribute::contrast) == 0);
    CHECK(measure(image, Attribute::brightness) == Approx(128 / 255.0).margin(1e-4));
    CHECK(measure(image, Attribute::sharpness) == Approx(0).margin(1e-5));
    CHECK(measure(image, Attribute::depth_of_field) == Approx(0.25));
    CHECK(measure(image, Attribute::rule_of_thirds) == Approx(0.38).margin(0.01));
    CHECK(measure(image, Attribute::symmetry) == Approx(0.5));
    CHECK(measure(image, Attribute::colour_harmony) == 1);
    CHECK(measure(image, Attribute::simplicity) == 1);
    CHECK(measure(image, Attribute::warmth) == Approx(0.5));
    CHECK(measure(image, Attribute::salient_size) == 0);
    CHECK(measure(image, Attribute::salient_x) == Approx(0.5));
    CHECK(measure(image, Attribute::salient_y) == Approx(0.5));
}

TEST_CASE("colourfulness and saturation see colour, warmth sees which", "[attributes]") {
    const Image patches = test::painted({60, 60}, [](int x, int) {
        return x < 20 ? Colour{255, 0, 0} : x < 40 ? Colour{0, 255, 0} : Colour{0, 0, 255};
    });
    CHECK(measure(patches, Attribute::colourfulness) > 0.9F);
    CHECK(measure(patches, Attribute::saturation) == Approx(1));
    CHECK(measure(test::plain({9, 9}, {255, 128, 0}), Attribute::warmth) == Approx(1));
    CHECK(measure(test::plain({9, 9}, {0, 128, 255}), Attribute::warmth) == Approx(0));
    CHECK(measure(test::plain({9, 9}, {100, 50, 50}), Attribute::saturation) == Approx(0.5));
}

TEST_CASE("contrast is the width between the darkest and the brightest percent", "[attributes]") {
    const Image halves = test::painted({60, 60}, [](int x, int) { return x < 30 ? black : white; });
    CHECK(measure(halves, Attribute::contrast) == Approx(1));
    CHECK(measure(halves, Attribute::brightness) == Approx(0.5));
    const Image soft = test::painted({60, 60}, [](int x, int) {
        return x < 30 ? Colour{102, 102, 102} : Colour{153, 153, 153};
    });
    CHECK(measure(soft, Attribute::contrast) == Approx(0.2).margin(1e-4));
}

TEST_CASE("sharpness tells fine lines from soft waves", "[attributes]") {
    const Image lines = lines_where([](double, double) { return true; });
    const Image waves = test::painted({120, 80}, [](int x, int) {
        const int value = static_cast<int>(128 + 120 * std::sin(x * 0.1));
        return Colour{value, value, value};
    });
    CHECK(measure(lines, Attribute::sharpness) > 0.9F);
    CHECK(measure(waves, Attribute::sharpness) < 0.1F);
}

TEST_CASE("depth of field is the share of detail in the middle", "[attributes]") {
    const auto in_middle = [](double x, double y) { return x > .25 && x < .75 && y > .25 && y < .75; };
    CHECK(measure(lines_where(in_middle), Attribute::depth_of_field) > 0.9F);
    CHECK(measure(lines_where([&](double x, double y) { return !in_middle(x, y); }),
                  Attribute::depth_of_field) < 0.1F);
}

TEST_CASE("the salient mass is where the one thing in the picture is", "[attributes]") {
    const Image image = test::disc({120, 80}, 1 / 3.0, 2 / 3.0, 0.08, grey, {250, 60, 20});
    CHECK(measure(image, Attribute::salient_x) == Approx(1 / 3.0).margin(0.05));
    CHECK(measure(image, Attribute::salient_y) == Approx(2 / 3.0).margin(0.05));
    CHECK(measure(image, Attribute::rule_of_thirds) > 0.9F);
    const Image centred = test::disc({120, 80}, 0.5, 0.5, 0.08, grey, {250, 60, 20});
    CHECK(measure(centred, Attribute::rule_of_thirds) < 0.5F);
    const Image large = test::disc({120, 80}, 0.5, 0.5, 0.2, grey, {250, 60, 20});
    CHECK(measure(large, Attribute::salient_size) > 2 * measure(centred, Attribute::salient_size));
}

TEST_CASE("symmetry compares a half with the mirrored other", "[attributes]") {
    const Image noise = test::random_pixels({100, 80});
    const Image mirrored = test::painted({100, 80}, [&](int x, int y) {
        const std::uint8_t* pixel = noise.at(x < 50 ? x : 99 - x, y);
        return Colour{pixel[0], pixel[1], pixel[2]};
    });
    CHECK(measure(mirrored, Attribute::symmetry) > 0.95F);
    CHECK(measure(noise, Attribute::symmetry) < 0.3F);
}

TEST_CASE("complementary hues harmonise, hues from everywhere do not", "[attributes]") {
    const Image complementary = test::painted({60, 60}, [](int x, int) {
        return x < 30 ? Colour{255, 128, 0} : Colour{0, 127, 255};
    });
    CHECK(measure(complementary, Attribute::colour_harmony) > 0.99F);
    CHECK(measure(test::random_pixels({100, 100}), Attribute::colour_harmony) < 0.5F);
}

TEST_CASE("simplicity falls with clutter", "[attributes]") {
    const Image simple = test::disc({120, 80}, 0.5, 0.5, 0.1, grey, white);
    CHECK(measure(simple, Attribute::simplicity) > 0.9F);
    CHECK(measure(test::random_pixels({120, 80}), Attribute::simplicity) < 0.2F);
}

TEST_CASE("attributes hardly change with the size of the picture", "[attributes]") {
    const auto picture = [](int scale) {
        return test::disc({120 * scale, 80 * scale}, 0.4, 0.6, 0.15, {60, 90, 140}, {250, 160, 40});
    };
    const Attributes small = measure_attributes(picture(1));
    const Attributes large = measure_attributes(picture(6));
    for (std::size_t i = 0; i < attribute_count; ++i) {
        if (i == static_cast<std::size_t>(Attribute::sharpness)) continue;
        INFO(attribute_name(static_cast<Attribute>(i)));
        CHECK(small[i] == Approx(large[i]).margin(0.07));
    }
}

TEST_CASE("attributes are called by words people read", "[attributes]") {
    CHECK(attribute_name(Attribute::rule_of_thirds) == "rule of thirds");
    CHECK(attribute_name(Attribute::salient_y) == "salient y");
    CHECK_THROWS(attribute_name(Attribute::count));
}
