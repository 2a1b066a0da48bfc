#include "actions/settings.h"

#include <cstdlib>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

#include "actions/profiles.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::plugin;

namespace {

std::string problem(const Settings& settings) {
    try {
        check(settings);
        return "";
    } catch (const Error& error) {
        CHECK(error.code() != ErrorCode::bad_image);
        return error.what();
    }
}

}  // namespace

TEST_CASE("settings come back from their text", "[plugin]") {
    Settings settings;
    settings.profile = "/home/me/m e.pt";
    settings.map = HeatmapKind::difference;
    settings.add_map = false;
    settings.opacity = 35;
    settings.source = Source::layer;
    settings.fit_colours = true;
    settings.selection = SelectionUse::keep;
    settings.format = "4:5";
    settings.count = 7;
    settings.text_area = TextPlace::left;
    settings.marks = CropMarks::paths;
    settings.cut = Cut::new_images;
    settings.straighten = true;
    CHECK(settings_from_text(to_text(settings)) == settings);
}

TEST_CASE("kept settings that are damaged or from another version become the usual ones", "[plugin]") {
    CHECK(settings_from_text("") == Settings{});
    CHECK(settings_from_text("[]") == Settings{});
    CHECK(settings_from_text(R"({"count": "many"})") == Settings{});
    CHECK(settings_from_text(R"({"count": 99, "map": "mine", "new": 1})").count == most_crops);
    CHECK(settings_from_text(R"({"map": "mine"})").map == HeatmapKind::generic);
}

TEST_CASE("what cannot be done is told with what it is and what it should be", "[plugin]") {
    CHECK(problem({}) == "");
    Settings settings;
    settings.opacity = 100.5;
    CHECK(problem(settings) == "opacity is 100.5 and should be from 0 to 100");
    settings = {};
    settings.count = 11;
    CHECK(problem(settings) == "count is 11 and should be from 1 to 10");
    settings = {};
    settings.chosen = 6;
    CHECK(problem(settings) == "chosen is 6 and should be from 1 to 5");
    settings = {};
    settings.map = HeatmapKind::difference;
    CHECK(problem(settings) == "a difference heatmap needs a profile, and none is chosen");
    settings = {};
    settings.format = "4:0";
    CHECK_THAT(problem(settings), ContainsSubstring("4:0"));
    settings.format = "squar";
    CHECK_THAT(problem(settings), ContainsSubstring("squar"));
}

TEST_CASE("a script's words are told from others", "[plugin]") {
    CHECK(choice_of(cut_choices(), "cut", "new-images") == static_cast<int>(Cut::new_images));
    CHECK(choice_of(map_choices(), "map", "difference") == static_cast<int>(HeatmapKind::difference));
    CHECK(choice_of(copy_area_choices(), "copy-area", "right") == static_cast<int>(TextPlace::right));
    CHECK(choice_of(marks_choices(), "crops-as", "layers") == static_cast<int>(CropMarks::layers));
    CHECK_THROWS_WITH(choice_of(cut_choices(), "cut", "half"),
                      "cut is 'half' and should be nothing, crop or new-images");
}

TEST_CASE("formats are presets, aspects or the photo's own", "[plugin]") {
    const Size photo{300, 200};
    Settings settings;
    CHECK_FALSE(crop_options_of(settings, photo).aspect.has_value());
    settings.format = "free";
    CHECK_FALSE(crop_options_of(settings, photo).aspect.has_value());
    settings.format = "photo";
    CHECK(crop_options_of(settings, photo).aspect == Approx(1.5));
    settings.format = "4:5";
    CHECK(crop_options_of(settings, photo).aspect == Approx(0.8));
    settings.format = "poster-headline-top";
    CHECK(crop_options_of(settings, photo).blank.size() == 1);
    settings.text_area = TextPlace::none;
    CHECK(crop_options_of(settings, photo).blank.empty());
    settings.text_area = TextPlace::bottom;
    REQUIRE(crop_options_of(settings, photo).blank.size() == 1);
    CHECK(crop_options_of(settings, photo).blank.front().bottom() == Approx(1));
}

TEST_CASE("settings outlive the program, and the first ones know the person", "[plugin]") {
    const test::TemporaryFolder folder;
    ::setenv("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);
    ::setenv("XDG_DATA_HOME", (folder / "data").c_str(), 1);
    CHECK(kept_settings() == Settings{});
    boost::filesystem::create_directories(folder / "data/piaa");
    boost::filesystem::ofstream(own_profile()) << "me";
    CHECK(kept_settings().profile == own_profile());
    Settings settings;
    settings.format = "4:5";
    settings.keep_heads = false;
    keep_settings(settings);
    CHECK(kept_settings() == settings);
    ::unsetenv("XDG_CONFIG_HOME");
    ::unsetenv("XDG_DATA_HOME");
}
