#include <cstdlib>
#include <fstream>

#include <boost/filesystem.hpp>

#include <piaa/error.h>
#include <piaa/preset.h>

#include "support/catch.h"
#include "support/temporary_folder.h"

using namespace piaa;

namespace {

/// Reads a preset with this text from a file called mine.json.
Preset read(const std::string& text) {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "mine.json") << text;
    return read_preset(folder / "mine.json");
}

std::string refusal(const std::string& text) {
    try {
        read(text);
    } catch (const Error& error) {
        const std::string sentence = error.what();
        CHECK(error.code() == ErrorCode::bad_preset);
        return sentence.substr(sentence.find("mine.json"));
    }
    return "accepted";
}

}  // namespace

TEST_CASE("aspects are two numbers with a colon", "[preset]") {
    CHECK(parse_aspect("4:5") == Approx(0.8));
    CHECK(parse_aspect("1.91:1") == Approx(1.91));
    for (const char* wrong :
         {"", "4", "4:", ":5", "4:0", "4/5", "-4:5", "4:5:6", "1:100", "nan:1", "1e3:1", "4:5 "})
        CHECK_THROWS_AS(parse_aspect(wrong), Error);
}

TEST_CASE("a preset says all that a crop has to meet", "[preset]") {
    const Preset preset = read(R"({"title": "Mine", "aspect": "2:3", "size": [400, 600], "margin": 0.05,
        "areas": [{"name": "headline", "x": 0.1, "y": 0, "width": 0.8, "height": 0.2}]})");
    CHECK(preset.name == "mine");
    CHECK(preset.group == "own");
    const CropOptions options = crop_options(preset, false);
    CHECK(*options.aspect == Approx(2 / 3.0));
    CHECK(options.min_pixels == Size{400, 600});
    CHECK(options.margin == Approx(0.05));
    CHECK(options.blank == std::vector<Box>{{0.1, 0, 0.8, 0.2}});
    CHECK(crop_options(preset).min_pixels == Size{0, 0});
}

TEST_CASE("a preset that breaks the schema is refused by file and field", "[preset]") {
    CHECK(refusal("{") == "mine.json: is not valid JSON");
    CHECK(refusal("[]") == "mine.json: file should be an object");
    CHECK(refusal(R"({"title": "x"})") == "mine.json: field 'aspect' is missing");
    CHECK(refusal(R"({"title": 3, "aspect": "1:1"})") == "mine.json: field 'title' should be a text");
    CHECK(refusal(R"({"title": "x", "aspect": "1:1", "colour": 1})") ==
          "mine.json: field 'colour' is not known");
    CHECK(refusal(R"({"title": "x", "aspect": "1:1", "margin": 2})") ==
          "mine.json: field 'margin' is 2 and should be a number from 0.0 to 0.45");
    CHECK(refusal(R"({"title": "x", "aspect": "1:1", "size": [10, 20]})") ==
          "mine.json: field 'size' is [10,20] and should have the aspect of field 'aspect'");
    CHECK(refusal(R"({"title": "x", "aspect": "1:1", "areas": [{"name": "a", "x": 0.9, "y": 0, "width": 0.5,
        "height": 1}]})") == "mine.json: area 'a' reaches outside the crop");
}

TEST_CASE("all shipped presets can be read and have their formats", "[preset]") {
    const PresetList list = list_presets();
    CHECK(list.presets.size() >= 20);
    CHECK(list.refused.empty());
    for (const char* name : {"a4-portrait", "print-5x7-landscape", "square", "story", "link-card", "hero",
                             "banner", "video-thumbnail", "poster-headline-logo"})
        CHECK_NOTHROW(find_preset(name));
}

TEST_CASE("a user's preset wins over a built-in one of the same name", "[preset]") {
    const test::TemporaryFolder folder;
    boost::filesystem::create_directories(folder / "piaa/presets");
    std::ofstream(folder / "piaa/presets/square.json") << R"({"title": "My square", "aspect": "1:1"})";
    ::setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
    CHECK(find_preset("square").title == "My square");
    ::unsetenv("XDG_CONFIG_HOME");
    CHECK(find_preset("square").title != "My square");
}

TEST_CASE("a damaged preset of the user's is named and hides no other", "[preset]") {
    const test::TemporaryFolder folder;
    boost::filesystem::create_directories(folder / "piaa/presets");
    std::ofstream(folder / "piaa/presets/mine.json") << R"({"title": "Mine", "aspect": "3:4"})";
    std::ofstream(folder / "piaa/presets/torn.json") << R"({"title": "To)";
    const std::size_t built_in = list_presets().presets.size();
    ::setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
    const PresetList list = list_presets();
    ::unsetenv("XDG_CONFIG_HOME");
    CHECK(list.presets.size() == built_in + 1);
    REQUIRE(list.refused.size() == 1);
    CHECK(list.refused[0] == (folder / "piaa/presets/torn.json").string() + ": is not valid JSON");
}

TEST_CASE("an unknown preset's message names its neighbours", "[preset]") {
    std::string sentence;
    try {
        find_preset("squre");
    } catch (const Error& error) {
        sentence = error.what();
    }
    CHECK(sentence.starts_with("there is no preset 'squre'; nearest are square"));
}
