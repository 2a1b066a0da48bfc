#include <algorithm>
#include <cmath>

#include <piaa/error.h>
#include <piaa/level.h>

#include "support/catch.h"
#include "support/level_pictures.h"
#include "support/pictures.h"

using namespace piaa;

TEST_CASE("the frame of a levelled photo lies inside it and could not be larger", "[levelling]") {
    const Size photo =
        GENERATE(Size{600, 400}, Size{400, 600}, Size{500, 500}, Size{2000, 200}, Size{31, 17});
    const double angle = GENERATE(-8.0, -2.5, 0.7, 5.0, 45.0);
    INFO(photo.width << "x" << photo.height << " by " << angle);
    const Levelling level{angle, photo};
    double nearest = 1;
    for (const Point& corner : level.corners(Box())) {
        for (const double share : {corner.x, corner.y}) {
            CHECK(share >= 0);
            CHECK(share <= 1);
        }
        nearest = std::min({nearest, corner.x * photo.width, (1 - corner.x) * photo.width,
                            corner.y * photo.height, (1 - corner.y) * photo.height});
    }
    CHECK(nearest < 1);
    if (photo.width >= 400 && photo.height >= 400 && std::abs(angle) < 10) {
        const Size frame = level.frame();
        CHECK(frame.width > 0.7 * photo.width);
        CHECK(frame.height > 0.7 * photo.height);
    }
}

TEST_CASE("the frame is turned clockwise on the photo", "[levelling]") {
    const auto corners = Levelling{5, {600, 400}}.corners(Box());
    CHECK(corners[1].y > corners[0].y);  // its upper edge falls to the right
    CHECK(corners[3].x < corners[0].x);  // its left edge leans out at the bottom
}

TEST_CASE("without an angle a photo stays as it is", "[levelling]") {
    const Image picture = test::random_pixels({40, 30});
    const Levelling level{0, picture.size()};
    CHECK(level.frame() == picture.size());
    CHECK(std::ranges::equal(levelled(picture, 0).pixels(), picture.pixels()));
    const auto corners = level.corners({0.25, 0.5, 0.5, 0.25});
    CHECK(corners[0].x == Approx(0.25));
    CHECK(corners[2].y == Approx(0.75));
    CHECK(level.in_frame({0.25, 0.5, 0.5, 0.25}) == Box{0.25, 0.5, 0.5, 0.25});
    CHECK_THROWS_AS((Levelling{46, {40, 30}}.frame()), Error);
}

TEST_CASE("a levelled picture shows what was tilted as level", "[levelling]") {
    const double tilt = GENERATE(-6.0, 1.5, 4.0);
    const Size size{480, 320};
    const Image cut = levelled(test::facade(size, tilt), tilt);
    const Image straight = test::facade(size, 0);
    double apart = 0;
    for (int y = 0; y < cut.height(); ++y)
        for (int x = 0; x < cut.width(); ++x)
            apart += std::abs(int(*cut.at(x, y)) - int(*straight.at(x + (size.width - cut.width()) / 2,
                                                                    y + (size.height - cut.height()) / 2)));
    CHECK(apart / (cut.width() * cut.height()) < 4);
    const Image part = levelled(test::facade(size, tilt), tilt, {20, 10, 100, 80});
    CHECK(part.size() == Size{100, 80});
    CHECK(*part.at(5, 6) == *cut.at(25, 16));
}

TEST_CASE("a box of the photo is found again in the frame", "[levelling]") {
    const Levelling level{4, {600, 400}};
    const Box box{0.4, 0.45, 0.1, 0.1};
    const Box inside = level.in_frame(box);
    const auto corners = level.corners(inside);
    CHECK(std::min(corners[0].x, corners[3].x) <= box.x);
    CHECK(std::max(corners[1].x, corners[2].x) >= box.right());
    CHECK(std::min(corners[0].y, corners[1].y) <= box.y);
    CHECK(std::max(corners[2].y, corners[3].y) >= box.bottom());
    CHECK(inside.area() < 2 * box.area());
    CHECK(level.in_frame({0, 0, 0.01, 0.01}).area() == 0);  // in a corner that is cut off
}
