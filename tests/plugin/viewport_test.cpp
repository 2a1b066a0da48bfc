#include "actions/viewport.h"

#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;
using namespace piaa::plugin;

TEST_CASE("all of a photo is seen, as large as it fits and in the middle", "[plugin]") {
    const Viewport view({600, 450}, {300, 300});
    CHECK(view.part() == Box{0, 0, 1, 1});
    CHECK(view.place() == PixelBox{75, 0, 450, 450});
    CHECK(view.in_photo({75, 0}).x == Approx(0));
    CHECK(view.in_photo({300, 225}).y == Approx(0.5));
    CHECK(view.in_photo({0, 0}).x == 0);
    CHECK(view.in_widget({1, 1}).x == Approx(525));
}

TEST_CASE("a photo grows with the window", "[plugin]") {
    Viewport view({600, 450}, {4000, 3000});
    view.set_room({1200, 900});
    CHECK(view.place() == PixelBox{0, 0, 1200, 900});
    view.set_room({0, 0});
    CHECK(view.place().width >= 1);
}

TEST_CASE("what lies under the pointer stays there while the photo is enlarged", "[plugin]") {
    Viewport view({600, 450}, {4000, 3000});
    const Point pointer{450, 200};
    const Point before = view.in_photo(pointer);
    for (int i = 0; i < 5; ++i) view.zoom_by(1.25, pointer);
    CHECK(view.zoom() == Approx(3.0518).epsilon(1e-3));
    CHECK(view.in_photo(pointer).x == Approx(before.x));
    CHECK(view.in_photo(pointer).y == Approx(before.y));
    CHECK(view.part().width == Approx(1 / view.zoom()));
    view.see_all();
    CHECK(view.part() == Box{0, 0, 1, 1});
}

TEST_CASE("nothing beyond the photo is seen, however it is moved and enlarged", "[plugin]") {
    Viewport view({500, 500}, {300, 100});
    view.zoom_by(2, {0, 250});
    view.move_by(1e6, -1e6);
    CHECK(view.part().x == Approx(0));
    view.move_by(-1e6, 1e6);
    CHECK(view.part().right() == Approx(1));
    CHECK(view.part().y >= -1e-9);
    CHECK(view.part().bottom() <= 1 + 1e-9);
    view.zoom_by(1e9, {250, 250});
    CHECK(view.zoom() == 8);
    view.zoom_by(1e-9, {250, 250});
    CHECK(view.zoom() == 1);
}

TEST_CASE("a part is cut out and drawn at another size", "[plugin]") {
    const Image photo = test::painted({40, 20}, [](int x, int) {
        return x < 20 ? test::Colour{10, 10, 10} : test::Colour{210, 210, 210};
    });
    const Image right = part_of(photo, {0.5, 0, 0.5, 1}, {80, 80});
    CHECK(right.size() == Size{80, 80});
    CHECK(right.at(0, 40)[0] == 210);
    const std::vector<std::uint8_t> pixels(photo.pixels().begin(), photo.pixels().end());
    const auto drawn = part_of(pixels, photo.size(), 3, {0.25, 0, 0.5, 1}, {40, 4});
    CHECK(drawn.front() == 10);
    CHECK(drawn.back() == 210);
    CHECK(part_of(photo, {1, 1, 0, 0}, {1, 1}).size() == Size{1, 1});
}
