// A photo that is levelled before crops are looked for in it.

#include <cmath>

#include <nlohmann/json.hpp>

#include <piaa/level.h>

#include "actions/result.h"
#include "actions/texts.h"
#include "fake_host.h"
#include "installed_tiny_model.h"
#include "support/catch.h"
#include "support/level_pictures.h"
#include "window.h"

using namespace piaa;
using namespace piaa::plugin;
using test::Window;

namespace {

constexpr Size size{480, 320};
constexpr double tilt = 3;

Settings levelling() {
    Settings settings;
    settings.straighten = true;
    settings.format = "1:1";
    settings.keep_heads = false;
    settings.add_map = false;
    return settings;
}

/// What a host's picture shows in a crop.
Image shown_in(const Image& picture, const CropPlace& place, const PixelBox& photo) {
    const Point first{place.corners[0].x - photo.x, place.corners[0].y - photo.y};
    const double c = std::cos(place.angle * M_PI / 180), s = std::sin(place.angle * M_PI / 180);
    return test::painted({place.box.width, place.box.height}, [&](int x, int y) {
        const double across = first.x + c * (x + 0.5) - s * (y + 0.5);
        const double down = first.y + s * (x + 0.5) + c * (y + 0.5);
        REQUIRE(across > -0.01);
        REQUIRE(down > -0.01);
        REQUIRE(across < picture.width() + 0.01);
        REQUIRE(down < picture.height() + 0.01);
        const auto pixel = picture.at(static_cast<int>(across), static_cast<int>(down));
        return test::Colour{pixel[0], pixel[1], pixel[2]};
    });
}

}  // namespace

TEST_CASE("a tilted photo gets the crops of the levelled one, turned in the image", "[plugin]") {
    const test::InstalledTinyModel installed;
    const Image photo = test::facade(size, tilt);
    test::FakeHost host(photo, {30, 20, 0, 0});
    Settings settings = levelling();
    settings.marks = CropMarks::none;
    settings.cut = Cut::new_images;
    const Answer answer = run(host, settings);
    CHECK(answer.angle == Approx(tilt).margin(0.3));

    // The levelled photo in itself gives the same crops.
    const Image upright = levelled(photo, answer.angle);
    test::FakeHost level(upright);
    settings.straighten = false;
    const Answer expected = run(level, settings);
    CHECK(expected.angle == 0);
    CHECK(host.boxes == level.boxes);
    CHECK(answer.crop_score == Approx(expected.crop_score).margin(1e-3));
    REQUIRE(host.places.size() == static_cast<std::size_t>(answer.crops));
    for (const CropPlace& place : host.places)  // which shows no empty corner, and upright walls
        CHECK(std::abs(estimate_tilt(shown_in(photo, place, host.photo())).angle) < 1);
    const auto note = nlohmann::json::parse(host.note);
    CHECK(note["angle"] == answer.angle);
    CHECK(note["crops"][0]["box"]["w"] == answer.box.width);
}

TEST_CASE("nothing changes where no tilt is sure, or what is kept would be cut", "[plugin]") {
    const test::InstalledTinyModel installed;
    const bool level = GENERATE(true, false);
    test::FakeHost host(test::facade(size, level ? 0 : tilt));
    Settings settings = levelling();
    settings.keep.push_back({0, 0, 0.1, 0.1});  // a corner of the photo
    const Answer asked = run(host, settings);
    const auto done = host.done;
    settings.straighten = false;
    const Answer unasked = run(host, settings);
    CHECK(asked.angle == 0);
    CHECK(asked.box == unasked.box);
    CHECK(std::vector(host.done.begin() + static_cast<std::ptrdiff_t>(done.size()), host.done.end()) == done);
}

TEST_CASE("guides become a path where the crop is turned; frames are turned", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(test::facade(size, tilt), {30, 20, 0, 0});
    Settings settings = levelling();
    SECTION("a path") {
        const Answer answer = run(host, settings);
        CHECK(host.done == std::vector<std::string>{"begin", "remove earlier", "path Crop 1", "note", "end"});
        const CropPlace& place = host.places.front();
        CHECK(std::hypot(place.corners[1].x - place.corners[0].x, place.corners[1].y - place.corners[0].y) ==
              Approx(answer.box.width).margin(1e-6));
        CHECK(place.corners[1].y > place.corners[0].y);  // clockwise, as the photo
    }
    SECTION("frames") {
        settings.marks = CropMarks::layers;
        const Answer answer = run(host, settings);
        CHECK(host.frames.back().angle == answer.angle);
        CHECK(host.frames.back().box.width == answer.box.width);
    }
}

TEST_CASE("a turned crop comes to lie on whole pixels of the canvas", "[plugin]") {
    CropPlace place{{5, 5, 301, 20}, 5, {}};
    place.corners = {{{0.2, 0.6}, {}, {300.9, 20.9}, {}}};
    const Upright inside = upright_of(place, {0, 0, 400, 300});
    CHECK(inside.box == PixelBox{0, 0, 301, 20});
    CHECK(inside.middle.x == 150.5);
    CHECK(inside.middle.y == 10);
    place.corners = {{{101.7, 280.8}, {}, {402.2, 300.6}, {}}};
    const Upright edge = upright_of(place, {0, 0, 400, 300});
    CHECK(edge.box == PixelBox{99, 280, 301, 20});
}

TEST_CASE("the dialog says by how much it levels, and shows the turned crop", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(test::facade(size, tilt));
    Settings settings = levelling();
    settings.straighten = false;
    Window window(host, settings);
    REQUIRE(window.settle());
    const Viewport whole({480, 320}, size);
    const auto before = window.state.preview(whole);
    CHECK(window.state.level_text().empty());
    settings = window.state.settings();
    settings.straighten = true;
    window.state.change(settings);
    CHECK_FALSE(window.state.ready());
    REQUIRE(window.settle());
    CHECK_THAT(window.state.crop_text(),
               ContainsSubstring("Levelled by ") && ContainsSubstring(" degrees; a path"));
    CHECK(window.state.preview(whole) != before);
    CHECK(host.rows_read == size.height);  // the photo is not read again
    settings.marks = CropMarks::layers;
    window.state.change(settings);
    CHECK_THAT(window.state.level_text(), !ContainsSubstring("path"));
    window.state.keep(Box{0, 0, 0.1, 0.1});
    REQUIRE(window.settle());
    CHECK_THAT(window.state.crop_text(), ContainsSubstring("Not levelled: that would cut off"));
    window.state.keep({});
    REQUIRE(window.settle());
    const double angle = apply(host, window.state.settings(), window.state.finish()).angle;
    CHECK(angle == Approx(tilt).margin(0.3));
}

TEST_CASE("what levelling did is said in words", "[plugin]") {
    CHECK(level_text(1.8, false, false) == "Levelled by 1.8 degrees");
    CHECK(level_text(-1.84, false, false) == "Levelled by 1.8 degrees");
    CHECK_THAT(level_text(0, false, true), ContainsSubstring("no lines say surely"));
}
