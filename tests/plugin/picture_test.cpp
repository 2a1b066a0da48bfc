#include "actions/overlay.h"
#include "actions/photo_reader.h"
#include "fake_host.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;
using namespace piaa::plugin;

namespace {

Image read_all(test::FakeHost& host, Size photo, Size needed) {
    PhotoReader reader(photo, needed);
    double done = 0;
    while (reader.read_some(host)) {
        CHECK(reader.done() > done);
        done = reader.done();
    }
    CHECK(reader.done() == 1);
    return reader.picture();
}

Heatmap slope(Size size) {
    Heatmap map{size, {}, {}};
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            map.values.push_back(2.0F * static_cast<float>(x) / static_cast<float>(size.width - 1) - 1);
    return map;
}

}  // namespace

TEST_CASE("a photo that is not much too large is read pixel by pixel", "[plugin]") {
    const Image photo = test::random_pixels({130, 300});
    test::FakeHost host(photo);
    const Image read = read_all(host, photo.size(), {60, 140});
    CHECK(read.size() == photo.size());
    CHECK(std::equal(read.pixels().begin(), read.pixels().end(), photo.pixels().begin()));
    CHECK(host.rows_read == 300);
}

TEST_CASE("a far larger photo is read as means of 8x8 pixels, the last ones of what is left", "[plugin]") {
    const Size size{83, 533};
    const Image photo = test::painted(size, [](int x, int y) {
        return test::Colour{x, y % 256, x >= 80 ? 90 : 10};
    });
    test::FakeHost host(photo);
    const Image read = read_all(host, size, {10, 66});
    REQUIRE(read.size() == Size{11, 67});
    CHECK(read.at(0, 0)[0] == 4);    // 0 to 7: 3.5
    CHECK(read.at(10, 0)[0] == 81);  // 80, 81, 82
    CHECK(read.at(10, 0)[2] == 90);
    CHECK(read.at(9, 0)[2] == 10);
    CHECK(read.at(0, 66)[1] == (528 + 532) / 2 - 512);
}

TEST_CASE("a heatmap layer is strong where the map is, and in grey says the sign by lightness", "[plugin]") {
    const Heatmap map = slope({41, 3});
    const OverlayLayer colour = overlay_layer(map, true, 1);
    const OverlayLayer grey = overlay_layer(map, false, 1);
    REQUIRE(colour.pixels.size() == 41 * 3 * 4);
    const auto pixel = [](const OverlayLayer& layer, int x) { return &layer.pixels[x * 4]; };
    CHECK(pixel(colour, 0)[2] > pixel(colour, 0)[0]);    // blue lowers
    CHECK(pixel(colour, 40)[0] > pixel(colour, 40)[2]);  // orange raises
    CHECK(pixel(colour, 20)[3] == 0);
    CHECK(pixel(colour, 0)[3] > 240);
    CHECK(pixel(grey, 0)[0] == 0);
    CHECK(pixel(grey, 40)[0] == 255);
    for (int x = 0; x < 41; ++x) CHECK(pixel(grey, x)[3] == pixel(colour, x)[3]);
}

TEST_CASE("colours stand for the same points in all photos, unless they are fitted to one", "[plugin]") {
    Heatmap faint = slope({41, 3});
    for (float& value : faint.values) value *= 0.1F;
    CHECK(map_limit(faint, false) == map_limit(slope({41, 3}), false));
    CHECK(map_limit(faint, true) < map_limit(slope({41, 3}), true));
}

TEST_CASE("the detail for the window comes with the same reading", "[plugin]") {
    const Size size{2100, 533};
    const Image photo = test::painted(size, [](int x, int y) { return test::Colour{x / 10, y % 256, 0}; });
    test::FakeHost host(photo);
    PhotoReader reader(size, {120, 30});
    while (reader.read_some(host)) {
    }
    CHECK(reader.picture().size() == Size{263, 67});
    CHECK(reader.detail().size() == Size{1050, 267});
    CHECK(reader.detail().at(500, 10)[0] == 100);
    CHECK(host.rows_read == 533);
}

TEST_CASE("opacity takes a map from not there to full", "[plugin]") {
    const Image photo = test::plain({41, 3}, {100, 100, 100});
    const OverlayLayer map = overlay_layer(slope({41, 3}), true, 1);
    const Image none = under_map(photo, map.pixels, 0);
    CHECK(std::equal(none.pixels().begin(), none.pixels().end(), photo.pixels().begin()));
    const Image half = under_map(photo, map.pixels, 50);
    const Image full = under_map(photo, map.pixels, 100);
    CHECK(full.at(40, 1)[0] > half.at(40, 1)[0]);
    CHECK(half.at(40, 1)[0] > 100);
    CHECK(full.at(20, 1)[0] == 100);
}

TEST_CASE("a drawn crop darkens what it leaves out and nothing inside", "[plugin]") {
    const Size size{100, 80};
    std::vector<std::uint8_t> rgb(100 * 80 * 3, 200);
    draw_crop(rgb, size, {0.25, 0.25, 0.5, 0.5}, {});
    const auto value = [&](int x, int y) { return rgb[(static_cast<std::size_t>(y) * 100 + x) * 3]; };
    CHECK(value(5, 5) < 110);
    CHECK(value(90, 40) < 110);
    CHECK(value(50, 40) == 200);
    CHECK(value(25, 40) == 255);  // the frame
    CHECK(value(24, 40) == 0);    // and its dark rim
}

TEST_CASE("of a crop that reaches beyond what is seen no border is drawn there", "[plugin]") {
    std::vector<std::uint8_t> rgb(100 * 80 * 3, 200);
    draw_crop(rgb, {100, 80}, {-1, 0.5, 3, 1}, {});
    const auto value = [&](int x, int y) { return rgb[(static_cast<std::size_t>(y) * 100 + x) * 3]; };
    CHECK(value(0, 60) == 200);
    CHECK(value(99, 79) == 200);
    CHECK(value(50, 40) == 255);
    CHECK(value(50, 20) < 110);
}

TEST_CASE("a crop of the whole photo is drawn inside its borders", "[plugin]") {
    std::vector<std::uint8_t> rgb(10 * 8 * 3, 200);
    TextArea area;
    area.box = {0, 0.5, 1, 0.5};
    draw_crop(rgb, {10, 8}, {}, {area});
    CHECK(rgb.front() == 255);
    CHECK(rgb.back() == 255);
}
