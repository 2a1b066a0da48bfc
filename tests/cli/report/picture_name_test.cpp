#include "report/picture_name.h"

#include <string>

#include <piaa/error.h>

#include "support/catch.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

PixelBox part_of(const std::string& name, Size photo) {
    return part_in(parse_picture_name(name), photo);
}

}  // namespace

TEST_CASE("a picture's id gives the same pixels in the same photo", "[picture_name]") {
    CHECK(picture_id("a", {443, 0, 1992, 2988}, {4272, 2988}) == "a#xywh=percent:10.3699,0,46.6292,100");
    for (const Size photo : {Size{1, 1}, Size{97, 61}, Size{4272, 2848}, Size{99991, 31337}})
        for (int i = 0; i < 200; ++i) {
            const int x = static_cast<int>(7919LL * i % photo.width),
                      y = static_cast<int>(104729LL * i % photo.height);
            const PixelBox part{x, y, 1 + (i * 31) % (photo.width - x), photo.height - y};
            const std::string id = picture_id("a", part, photo);
            CAPTURE(id);
            CHECK(part_of(id, photo) == part);
        }
}

TEST_CASE("a part in percent is the same part of a copy of another size", "[picture_name]") {
    const std::string id = picture_id("a", {1424, 712, 712, 2136}, {4272, 2848});
    CHECK(part_of(id, {640, 427}) == PixelBox{213, 107, 107, 320});
    CHECK(part_of("a#xywh=percent:99.9999,0,0.0001,100", {3, 3}) == PixelBox{2, 0, 1, 3});
    CHECK(part_of("a", {3, 2}) == PixelBox{0, 0, 3, 2});
}

TEST_CASE("parts that are none are refused", "[picture_name]") {
    for (const char* part : {"", "1,2,3", "1,2,3,4,5", "1,2,3.5,4", "-1,2,3,4", "1,2,0,4", "percent:",
                             "percent:1,2,3", "percent:1,2,0,4", "percent:60,0,60,10", "percent:0,nan,10,10",
                             "percent:0,0,inf,10", "percent:-1,0,10,10", "pixel:1,2,3,4"}) {
        CAPTURE(part);
        CHECK_THROWS_AS(parse_picture_name(std::string("a#xywh=") + part), Error);
    }
    CHECK_THROWS_AS(part_of("a#xywh=0,0,2147483647,2147483647", {4, 4}), Error);
    CHECK_THROWS_AS(part_of("a#xywh=2147483647,0,2147483647,1", {4, 4}), Error);
}
