#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/content_id.h>
#include <piaa/cut_out.h>
#include <piaa/piaa.h>

#include "commands/adapt_command.h"
#include "commands/crop_command.h"
#include "commands/score_command.h"
#include "console/exit_code.h"
#include "photos/image_file.h"
#include "report/picture_name.h"
#include "support/catch.h"
#include "support/tiny_model.h"
#include "support/warm_album.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;
using test::Album;

namespace {

struct Run {
    int exit_code;
    std::string err;
    Json record;
};

Run adapt_choices(const Album& album, const std::string& csv, AdaptCommandOptions options = {}) {
    options.choices = album.write("choices.csv", csv);
    options.images = album.folder.path();
    if (options.update.empty()) options.output = album.folder / "brand.pt";
    options.model = test::tiny_model().info().file.string();
    options.device = "cpu";
    options.prior = album.folder / "prior.safetensors";
    options.json = true;
    std::ostringstream out, err;
    const int exit_code = run_adapt(options, out, err);
    return {exit_code, err.str(), out.str().empty() ? Json() : Json::parse(out.str())};
}

std::vector<std::string> paths_of(const Album& album) {
    std::vector<std::string> paths;
    for (int i = 0; i < 10; ++i)
        paths.push_back((album.folder / ("photo" + std::to_string(i) + ".png")).string());
    return paths;
}

template <typename Options>
std::vector<Json> rows_of(int (*run)(const Options&, std::ostream&, std::ostream&), Options options) {
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    options.photos.quiet = true;
    options.format = ReportFormat::jsonl;
    std::ostringstream out, err;
    REQUIRE(run(options, out, err) == done);
    std::vector<Json> rows;
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) rows.push_back(Json::parse(line));
    return rows;
}

/// How much the profile likes warm colours.
float warmth(const Album& album) {
    return load_profile(album.folder / "brand.pt").learned().tensors.at("weights").values[2];
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A choice prefers what was chosen to all that was shown with it", "[choices]") {
    const Album album;
    const Run result = adapt_choices(
        album,
        "shown,chosen\nphoto0.png | photo4.png | photo9.png,photo9.png\nphoto1.png|photo8.png,photo8.png\n");
    INFO(result.err);
    CHECK(result.exit_code == done);
    CHECK(result.record["comparisons_used"] == 3);
    const UserProfile profile = load_profile(album.folder / "brand.pt");
    const auto id = [&](const char* name) { return content_id(read_full_image(album.folder / name)); };
    REQUIRE(profile.events().size() == 3);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(profile.events()[i].kind == FeedbackKind::comparison);
        CHECK(profile.events()[i].photo == id("photo9.png"));
        CHECK(profile.events()[i].value == Approx(2.0 / 3));  // as in an order of three
    }
    CHECK(profile.events()[2].value == 1);  // one of two is one whole answer
    CHECK(warmth(album) > 0.05f);
}

TEST_CASE("Several may be chosen of one showing", "[choices]") {
    const Album album;
    const Run result = adapt_choices(
        album, "shown,chosen\nphoto0.png|photo1.png|photo8.png|photo9.png,photo8.png|photo9.png\n");
    CHECK(result.record["comparisons_used"] == 4);
    const UserProfile profile = load_profile(album.folder / "brand.pt");
    for (const Feedback& event : profile.events()) CHECK(event.value == 0.5);
}

TEST_CASE("A picture that is shown twice, as by two templates, counts once", "[choices]") {
    const Album album;
    const Run result =
        adapt_choices(album, "shown,chosen\nphoto0.png|photo9.png|photo9.png,photo9.png|photo9.png\n");
    CHECK(result.exit_code == done);
    const UserProfile profile = load_profile(album.folder / "brand.pt");
    REQUIRE(profile.events().size() == 1);
    CHECK(profile.events()[0].value == 1);
}

TEST_CASE("Ids of scores come back as choices, wherever the photos lie by then", "[choices]") {
    const Album album;
    ScoreOptions scores;
    scores.photos.paths = paths_of(album);
    std::vector<std::string> ids;
    for (const Json& row : rows_of(run_score, scores)) ids.push_back(row["photo_id"]);
    boost::filesystem::create_directory(album.folder / "archive");
    for (int i = 0; i < 10; ++i)
        boost::filesystem::rename(paths_of(album)[static_cast<std::size_t>(i)],
                                  album.folder / "archive" / ("renamed" + std::to_string(i) + ".png"));
    std::string csv = "shown,chosen\n";
    for (std::size_t i = 0; i < 5; ++i) csv += ids[i] + "|" + ids[i + 5] + "," + ids[i + 5] + "\n";
    const Run result = adapt_choices(album, csv);
    INFO(result.err);
    CHECK(result.exit_code == done);
    CHECK(result.record["comparisons_used"] == 5);
    CHECK(warmth(album) > 0.1f);
}

TEST_CASE("Crops come back as choices by their ids, as pictures of their own", "[choices]") {
    const Album album;
    // Cold on the left, warm on the right.
    const auto file = test::write_photo(
        test::painted(
            {96, 48},
            [](int x, int y) {
                const int texture = x < 48 ? (5 * x + 3 * y) % 16 : (2 * x + 9 * y) % 16;  // no two alike
                return test::Colour{60 + 3 * x / 2 + texture, 120 + texture, 200 - 3 * x / 2 + texture};
            }),
        album.folder / "wide");
    CropCommandOptions crops;
    crops.photos.paths = {file.string()};
    crops.aspects = {"1:1"};
    const Json row = rows_of(run_crop, crops).front();
    const Json& box = row["crops"][0]["box"];
    const std::string id = row["crops"][0]["id"];
    const std::string whole = content_id(read_full_image(file));
    CHECK(id == picture_id(whole, {box["x"], box["y"], box["w"], box["h"]}, {96, 48}));

    const std::string cold = "wide.png#xywh=0,0,48,48", warm = whole + "#xywh=percent:50,0,50,100";
    const Run result = adapt_choices(album, "shown,chosen\n\"" + cold + "|" + warm + "\",\"" + warm +
                                                "\"\n\"" + id + "|" + "photo0.png\",\"" + id + "\"\n");
    INFO(result.err);
    CHECK(result.exit_code == done);
    const UserProfile profile = load_profile(album.folder / "brand.pt");
    REQUIRE(profile.events().size() == 2);
    const Image picture = read_full_image(file);
    CHECK(profile.events()[0].photo == content_id(cut_out(picture, {48, 0, 48, 48})));
    CHECK(profile.events()[0].other == content_id(cut_out(picture, {0, 0, 48, 48})));
    CHECK(warmth(album) > 0.05f);
}

TEST_CASE("A crop's id means the same part of a copy of another size", "[choices]") {
    const Album album;
    // Fields of other brightness, from cold on the left to warm on the right.
    const auto picture = [](int scale) {
        return test::painted({96 * scale, 48 * scale}, [scale](int x, int y) {
            const int column = x / (12 * scale), row = y / (12 * scale),
                      light = (7 * column * column + 5 * row + 3 * column * row) % 11 * 6;
            return test::Colour{40 + 15 * column + light, 90 + light, 150 - 15 * column + light};
        });
    };
    const Image original = picture(4), copy = picture(1);
    const std::string shared = content_id(copy);
    REQUIRE(same_photo(content_id(original), shared));
    test::write_photo(copy, album.folder / "copy");
    const std::string cold = picture_id(shared, {0, 0, 48, 48}, {96, 48}),
                      warm = picture_id(shared, {48, 0, 48, 48}, {96, 48});
    const std::string csv = "shown,chosen\n\"" + cold + "|" + warm + "\",\"" + warm + "\"\n";

    SECTION("of the original, where it alone is there") {
        boost::filesystem::remove(album.folder / "copy.png");
        test::write_photo(original, album.folder / "original");
        const Run result = adapt_choices(album, csv);
        INFO(result.err);
        CHECK(result.exit_code == done);
        const Feedback event = load_profile(album.folder / "brand.pt").events().at(0);
        CHECK(event.photo == content_id(cut_out(original, {192, 0, 192, 192})));
        CHECK(event.other == content_id(cut_out(original, {0, 0, 192, 192})));
    }
    SECTION("of the copy, where it comes first and the id was made on the original") {
        test::write_photo(original, album.folder / "original");
        const std::string large = picture_id(shared, {192, 0, 192, 192}, {384, 192});
        CHECK(large == warm);
        CHECK(adapt_choices(album, csv).exit_code == done);
    }
    SECTION("and pixels are refused, which would be another part of each") {
        const Run result =
            adapt_choices(album, "shown,chosen\n\"photo0.png|" + shared +
                                     "#xywh=48,0,48,48\",photo0.png\nphoto1.png|photo8.png,photo8.png\n");
        CHECK(result.exit_code == some_files_failed);
        CHECK(result.record["comparisons_used"] == 1);
        CHECK(contains(result.err, "should be in percent"));
    }
}

TEST_CASE("A line of choices that says nothing is named, and the others count", "[choices]") {
    const Album album;
    const std::string nobody(64, '0');
    const Run result =
        adapt_choices(album,
                      "shown,chosen\n"
                      "photo0.png|photo9.png,photo5.png\n"
                      "photo0.png,photo0.png\n"
                      "photo0.png|photo9.png,\n"
                      "photo0.png|photo9.png,photo0.png|photo9.png\n"
                      "photo0.png|photo0.png,photo0.png\n"
                      "\"photo0.png|photo9.png#xywh=1,2,3\",photo0.png\n"
                      "gone.png|photo9.png,photo9.png\n"
                      "\"photo3.png|photo4.png#xywh=0,0,500,4\",photo3.png\n" +
                          nobody + "|photo9.png,photo9.png\n" + "photo1.png|photo8.png,photo8.png\n");
    INFO(result.err);
    CHECK(result.exit_code == some_files_failed);
    CHECK(result.record["comparisons_used"] == 1);
    CHECK(result.record["refused"] == 9);
    for (const char* sentence :
         {"choices.csv line 2: photo5.png was chosen and is not among what was shown",
          "choices.csv line 3: one picture was shown, and it takes two or more",
          "choices.csv line 4: nothing was chosen", "choices.csv line 5: all was chosen",
          "choices.csv line 6: one picture was shown",
          "choices.csv line 7: 'photo9.png#xywh=1,2,3' should end in #xywh= and x,y,w,h",
          "choices.csv line 8: ", "gone.png: there is no such photo",
          "choices.csv line 9: ", "photo4.png: has 48 x 32 pixels, and #xywh=0,0,500,4 reaches beyond them",
          "choices.csv line 10: ", "has this content id"})
        CHECK(contains(result.err, sentence));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 9);
}

TEST_CASE("Where no picture of choices can be read it says whether they are missing", "[choices]") {
    const Album album;
    const auto count = [](const std::string& text, const std::string& part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
        return found;
    };
    const Run beyond = adapt_choices(album,
                                     "shown,chosen\n\"photo3.png#xywh=0,0,99,4|photo3.png#xywh=0,0,4,99\","
                                     "\"photo3.png#xywh=0,0,99,4\"\n");
    INFO(beyond.err);
    CHECK(beyond.exit_code == some_files_failed);
    CHECK(contains(beyond.err, "#xywh=0,0,99,4 reaches beyond"));
    CHECK(contains(beyond.err, "#xywh=0,0,4,99 reaches beyond"));
    CHECK(contains(beyond.err, "none of the pictures named could be read"));
    CHECK_FALSE(contains(beyond.err, "check --images"));

    const std::string part = std::string(64, '0') + "#xywh=percent:0,0,50,";
    const Run missing =
        adapt_choices(album, "shown,chosen\n\"" + part + "50|" + part + "60\",\"" + part + "50\"\n");
    INFO(missing.err);
    CHECK(count(missing.err, "has this content id") == 1);
    CHECK(contains(missing.err, "none of the photos named is in"));
}

TEST_CASE("Choices go on in a profile that has others", "[choices]") {
    const Album album;
    adapt_choices(album, "shown,chosen\nphoto1.png|photo8.png,photo8.png\n");
    AdaptCommandOptions options;
    options.update = album.folder / "brand.pt";
    const Run result = adapt_choices(album, "shown,chosen\nphoto2.png|photo7.png,photo7.png\n", options);
    CHECK(result.exit_code == done);
    CHECK(load_profile(album.folder / "brand.pt").events().size() == 2);
}
