#include <piaa/level.h>

#include "support/catch.h"
#include "support/level_pictures.h"
#include "support/pictures.h"

using namespace piaa;

TEST_CASE("a tilted house is told by how much it is tilted, surely", "[tilt]") {
    const double tilt = GENERATE(-6.0, -3.3, -1.5, 1.4, 2.6, 5.5);
    const Size size = GENERATE(Size{512, 340}, Size{340, 512});
    const Tilt found = estimate_tilt(test::facade(size, tilt));
    INFO(tilt << ": " << found.angle << ", " << found.certainty);
    CHECK(found.angle == Approx(tilt).margin(0.2));
    CHECK(sure_tilt(found) == found.angle);
}

TEST_CASE("a level house is left alone", "[tilt]") {
    CHECK(sure_tilt(estimate_tilt(test::facade({512, 340}, 0))) == 0);
    CHECK(sure_tilt(estimate_tilt(test::facade({512, 340}, 0.4))) == 0);
}

TEST_CASE("no lines, no turn", "[tilt]") {
    for (const Image& picture : {test::plain({512, 340}, {90, 120, 60}), test::random_pixels({512, 340}),
                                 test::disc({512, 512}, 0.5, 0.5, 0.3, {20, 30, 40}, {250, 240, 230}),
                                 test::plain({1, 1}, {0, 0, 0}), test::facade({60, 40}, 3)})
        CHECK(sure_tilt(estimate_tilt(picture)) == 0);
    CHECK(sure_tilt({3, 0.1}) == 0);
}
