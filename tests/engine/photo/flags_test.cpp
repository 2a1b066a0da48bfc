#include <cmath>

#include "photo/detect_flags.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;
using test::Colour;
using Names = std::vector<std::string>;

namespace {

Names flags_of(const Image& image) {
    return detect_flags(image).names();
}

/// Words of dark strokes in lines, in paragraphs, on an even ground.
Image page(Size size, int line_height, Colour ground, Colour ink) {
    std::mt19937 random(3);
    std::vector<char> dark(static_cast<std::size_t>(size.width) * size.height);
    const int margin = size.width / 12;
    for (int top = margin, line = 0; top + line_height < size.height - margin; top += line_height, ++line) {
        if (line % 7 == 6) continue;
        for (int x = margin; x < size.width - margin; ++x) {
            if (random() % 12 == 0) x += line_height / 2;
            if (random() % 2 == 0) continue;
            for (int y = top; y < top + line_height * 6 / 10; ++y)
                if (x < size.width) dark[static_cast<std::size_t>(y) * size.width + x] = 1;
        }
    }
    return test::painted(size, [&](int x, int y) {
        return dark[static_cast<std::size_t>(y) * size.width + x] != 0 ? ink : ground;
    });
}

/// Something like a photo: soft light, one subject, a little grain.
Image scene(Size size, int darkest, int range) {
    std::mt19937 random(2);
    return test::painted(size, [&, size, darkest, range](int x, int y) {
        const double across = double(x) / size.width;
        const double down = double(y) / size.height;
        const double subject = std::hypot(across - 0.4, down - 0.6) < 0.15 ? 0.6 : 0;
        const double light = 0.3 * (1 - down) * (1 - down) + subject + 0.1 * std::sin(9 * across);
        const int value = darkest + static_cast<int>(range * std::max(0.0, light)) + int(random() % 5);
        return Colour{value, value, value + 10};
    });
}

}  // namespace

TEST_CASE("pictures of one colour are flat", "[flags]") {
    const auto colour = GENERATE(Colour{0, 0, 0}, Colour{255, 255, 255}, Colour{200, 30, 90});
    CHECK(flags_of(test::plain({400, 300}, colour)) == Names{"flat"});
}

TEST_CASE("a straight gradient is flat", "[flags]") {
    CHECK(flags_of(test::painted({256, 100}, [](int x, int) {
              return Colour{x, x, 255 - x};
          })) == Names{"flat"});
}

TEST_CASE("colours that run into each other along curves are flat, at any size", "[flags]") {
    const auto size = GENERATE(Size{400, 256}, Size{1920, 1080});
    CHECK(flags_of(test::painted(size, [size](int x, int y) {
              const double u = 3.0 * x / size.width;
              const double v = 2.0 * y / size.height;
              const auto wave = [](double phase) { return 128 + static_cast<int>(90 * std::sin(phase)); };
              return Colour{wave(u + v), wave(u * v), wave(2 * v - u)};
          })) == Names{"flat"});
}

TEST_CASE("random pixels are noise, at any size", "[flags]") {
    const auto size = GENERATE(Size{128, 128}, Size{500, 400}, Size{1500, 1000});
    CHECK(flags_of(test::random_pixels(size)) == Names{"noise"});
}

TEST_CASE("pages of text are documents, dark on light or light on dark", "[flags]") {
    CHECK(flags_of(page({800, 1000}, 20, {255, 255, 255}, {0, 0, 0})) == Names{"document"});
    CHECK(flags_of(page({1280, 720}, 28, {30, 30, 40}, {210, 210, 210})) == Names{"document"});
}

TEST_CASE("a side below 32 pixels is tiny", "[flags]") {
    CHECK(detect_flags(scene({31, 300}, 40, 150)).has(Flag::tiny));
    CHECK_FALSE(detect_flags(scene({32, 300}, 40, 150)).has(Flag::tiny));
    CHECK(flags_of(test::plain({1, 1}, {9, 9, 9})) == Names{"flat", "tiny"});
}

TEST_CASE("photos in ordinary light, in fog, in snow and at night are not flagged", "[flags]") {
    CHECK(flags_of(scene({500, 400}, 20, 220)).empty());
    CHECK(flags_of(scene({500, 400}, 170, 30)).empty());
    CHECK(flags_of(scene({500, 400}, 215, 30)).empty());
    CHECK(flags_of(scene({500, 400}, 2, 60)).empty());
}

TEST_CASE("fine things before a blue sky are no page of text", "[flags]") {
    CHECK(flags_of(page({800, 1000}, 20, {60, 140, 215}, {240, 240, 240})).empty());
    CHECK(flags_of(page({800, 1000}, 20, {240, 225, 190}, {60, 40, 30})) == Names{"document"});  // old paper
}
