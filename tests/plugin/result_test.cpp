#include "actions/result.h"

#include <nlohmann/json.hpp>

#include "fake_host.h"
#include "installed_tiny_model.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;
using namespace piaa::plugin;

namespace {

Image bright_disc() {
    return test::disc({240, 160}, 0.7, 0.4, 0.15, {40, 50, 60}, {240, 230, 220});
}

bool lies_in(const PixelBox& box, const PixelBox& photo) {
    return box.x >= photo.x && box.y >= photo.y && box.x + box.width <= photo.x + photo.width &&
           box.y + box.height <= photo.y + photo.height && box.width > 0 && box.height > 0;
}

}  // namespace

TEST_CASE("the usual run adds map, guides and note in one step of undo", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc(), {30, 20, 0, 0});
    Settings settings;
    settings.format = "1:1";
    const Answer answer = run(host, settings);

    CHECK(host.done == std::vector<std::string>{"begin", "remove earlier", "group Aesthetic Crop",
                                                "map Heatmap: everyone's eye", "guides", "note", "end"});
    CHECK(answer.score.score >= 1);
    CHECK(answer.score.score == answer.score.generic);
    CHECK(answer.box.width == answer.box.height);
    CHECK(lies_in(answer.box, host.photo()));
    CHECK(host.boxes == std::vector{answer.box});
    CHECK(host.rows_read == 160);  // the photo is read once
    CHECK(std::is_sorted(host.progress_made.begin(), host.progress_made.end()));
    CHECK(host.progress_made.back() == 1);
}

TEST_CASE("what GIMP would not turn is known before anything is changed", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    host.refuses_to_turn = true;
    Settings settings;
    settings.cut = GENERATE(Cut::crop, Cut::new_images);
    CHECK_THROWS_WITH(run(host, settings), ContainsSubstring("'sky'"));
    CHECK(host.done.empty());
    settings.cut = Cut::nothing;
    run(host, settings);
    CHECK(host.did("guides"));
}

TEST_CASE("the note says in JSON what was found", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc(), {30, 20, 0, 0});
    Settings settings;
    settings.profile = installed.profile();
    settings.map = HeatmapKind::difference;
    settings.count = 3;
    const Answer answer = run(host, settings);
    const auto note = nlohmann::json::parse(host.note);
    CHECK(note["model"] == "lite");
    CHECK(note["profile"] == "me.pt");
    CHECK(note["profile_hash"] == profile_hash(load_profile(installed.profile())));
    CHECK(note["score"].get<double>() == Approx(answer.score.score).margin(1e-4));
    CHECK(note["generic"] != note["score"]);
    CHECK(note["crops"].size() == static_cast<std::size_t>(answer.crops));
    CHECK(note["crops"][0]["box"]["x"] == answer.box.x);
    CHECK(note["crops"][0]["box"]["w"] == answer.box.width);
    CHECK(note["photo"]["x"] == 30);
    CHECK(note["format"] == "free");
    CHECK(note["reasons"].size() >= 2);
    CHECK_THAT(note["reasons"][0].get<std::string>(), ContainsSubstring("for this person"));
}

TEST_CASE("asking without wanting anything leaves the image alone", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Settings settings;
    settings.add_map = false;
    settings.marks = CropMarks::none;
    CHECK(run(host, settings).crops >= 1);
    CHECK(host.done.empty());
}

TEST_CASE("crops can be paths, framed layers, a cut or images of their own", "[plugin]") {
    const test::InstalledTinyModel installed;
    Settings settings;
    settings.add_map = false;
    settings.count = 3;
    test::FakeHost host(bright_disc());
    SECTION("paths, all of them, the best on top, and no group") {
        settings.marks = CropMarks::paths;
        const Answer answer = run(host, settings);
        REQUIRE(answer.crops >= 2);
        CHECK(host.done[host.done.size() - 3] == "path Crop 1");
        CHECK(host.boxes.size() == static_cast<std::size_t>(answer.crops));
        CHECK_FALSE(host.did("group Aesthetic Crop"));
    }
    SECTION("frames, the chosen one visible and the best on top") {
        settings.marks = CropMarks::layers;
        settings.chosen = 2;
        const Answer answer = run(host, settings);
        REQUIRE(answer.crops >= 2);
        CHECK(host.frames.back().name == "Crop 1");
        for (const FrameLayer& frame : host.frames) {
            CHECK(frame.visible == (frame.name == "Crop 2"));
            if (frame.visible) CHECK(frame.box == answer.box);
        }
    }
    SECTION("the image cut to the chosen crop, as the last change") {
        settings.marks = CropMarks::none;
        settings.cut = Cut::crop;
        const Answer answer = run(host, settings);
        CHECK(host.done == std::vector<std::string>{"begin", "remove earlier", "note", "crop", "end"});
        CHECK(host.boxes == std::vector{answer.box});
    }
    SECTION("new images are named after the photo and the format") {
        settings.cut = Cut::new_images;
        settings.format = "4:5";
        run(host, settings);
        CHECK(host.did("image beach 4x5 2"));
    }
    SECTION("new images, made while the image is as it was") {
        settings.marks = CropMarks::guides;
        settings.cut = Cut::new_images;
        const Answer answer = run(host, settings);
        CHECK(host.done.front() == "image beach crop 1");
        CHECK(std::count_if(host.done.begin(), host.done.end(), [](const std::string& what) {
                  return what.starts_with("image ");
              }) == answer.crops);
        CHECK(host.done.back() == "end");
    }
}

TEST_CASE("where guides stand is read back, and damage is nowhere", "[plugin]") {
    CHECK(guides_box(guides_note({3, 0, 120, 80})) == PixelBox{3, 0, 120, 80});
    CHECK(guides_box("") == PixelBox{});
    CHECK(guides_box("3 4 a") == PixelBox{});
}

TEST_CASE("what is visible is judged where the layer alone is not what is seen, or when it is asked for",
          "[plugin]") {
    const test::InstalledTinyModel installed;
    const auto sees_all = [](Source source, bool more) {
        test::FakeHost host(bright_disc());
        host.more_than_layer = more;
        Settings settings;
        settings.source = source;
        run(host, settings);
        return host.sees_all;
    };
    CHECK_FALSE(sees_all(Source::fitting, false));
    CHECK(sees_all(Source::fitting, true));
    CHECK(sees_all(Source::visible, false));
    CHECK_FALSE(sees_all(Source::layer, true));
}

TEST_CASE("a selection is what is judged, what stays whole, or nothing", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc(), {30, 20, 0, 0});
    host.selected = {40, 100, 60, 70};
    Settings settings;
    settings.format = "1:1";
    const PixelBox judged = run(host, settings).box;
    CHECK(lies_in(judged, host.selected));
    settings.selection = SelectionUse::keep;
    CHECK(lies_in(host.selected, run(host, settings).box));
    CHECK(host.photo() == PixelBox{30, 20, 240, 160});
    CHECK(nlohmann::json::parse(host.note)["keep"][0] ==
          nlohmann::json({{"x", 40}, {"y", 100}, {"w", 60}, {"h", 70}}));
    settings.selection = SelectionUse::nothing;
    const PixelBox free = run(host, settings).box;
    host.selected = {};
    CHECK(run(host, settings).box == free);
}

TEST_CASE("a greyscale image gets a heatmap that grey can show", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    host.colour = false;
    run(host, {});
    const OverlayLayer& map = host.overlays.front();
    for (std::size_t i = 0; i < map.pixels.size(); i += 4) {
        REQUIRE(map.pixels[i] == map.pixels[i + 1]);
        REQUIRE(map.pixels[i] == map.pixels[i + 2]);
    }
    CHECK_THAT(map.name, ContainsSubstring("light raises"));
}

TEST_CASE("whatever goes wrong, the image stays as it was", "[plugin]") {
    const test::InstalledTinyModel installed;
    Settings settings;
    std::string words;
    Image picture = bright_disc();
    ErrorCode code = ErrorCode::bad_argument;
    SECTION("a layer too small") {
        picture = test::plain({31, 64}, {9, 9, 9});
        words = "is 31x64 pixels and should be at least 32x32";
    }
    SECTION("a profile that is not there") {
        settings.profile = installed.folder() / "nobody.pt";
        words = "nobody.pt: is not there";
    }
    SECTION("a damaged profile") {
        settings.profile = installed.folder() / "data/models/manifest.json";
        words = "manifest.json";
        code = ErrorCode::bad_profile;
    }
    SECTION("a profile of another model") {
        settings.profile = installed.folder() / "other.pt";
        save_profile(settings.profile, UserProfile({"lite", std::string(64, '7'), "tiny64"}));
        words = "other.pt: profile was learned on model lite (77777777)";
        code = ErrorCode::bad_profile;
    }
    SECTION("no model") {
        boost::filesystem::remove(installed.folder() / "data/models/manifest.json");
        words = "manifest.json";
        code = ErrorCode::io;
    }
    SECTION("a number out of range") {
        settings.count = 0;
        words = "count is 0";
    }
    test::FakeHost host(picture);
    try {
        run(host, settings);
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK_THAT(error.what(), ContainsSubstring(words));
        CHECK(error.code() == code);
    }
    CHECK(host.done.empty());
}

TEST_CASE("a layer off the canvas is told from a small one", "[plugin]") {
    struct Away : test::FakeHost {
        using FakeHost::FakeHost;
        PixelBox photo() const override { return {0, 0, -5, 40}; }
    };
    Away host(bright_disc());
    CHECK_THROWS_WITH(run(host, {}), ContainsSubstring("nothing to judge"));
}
