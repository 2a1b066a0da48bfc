#include "commands/crop_command.h"

#include <set>
#include <sstream>
#include <string>

#include <boost/filesystem/directory.hpp>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "commands/preset_command.h"
#include "commands/research/evaluate_crop.h"
#include "commands/research/train_crop.h"
#include "console/escape.h"
#include "console/exit_code.h"
#include "crop/crop_head.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

/// The tiny model answers to brightness, so the disc is what stands out.
Image bright_disc() {
    return test::disc({240, 160}, 0.7, 0.4, 0.12, {20, 30, 40}, {250, 240, 230});
}

struct Run {
    int exit_code;
    std::string out;
    std::string err;
};

Run run(CropCommandOptions options) {
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    options.photos.quiet = true;
    options.photos.jobs = 1;
    std::ostringstream out, err;
    const int exit_code = run_crop(options, out, err);
    return {exit_code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("crop writes one JSON record per photo and format", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bright_disc(), folder / "a").string()};
    options.presets = {"square"};
    options.aspects = {"3:2"};
    options.upscale = true;
    options.format = ReportFormat::json;
    const Run result = run(options);
    INFO(result.err);
    REQUIRE(result.exit_code == done);
    const Json records = Json::parse(result.out);
    REQUIRE(records.size() == 2);
    CHECK(records[0]["format"] == "square");
    CHECK(records[1]["format"] == "3:2");
    for (const Json& record : records) {
        CHECK(record["width"] == 240);
        CHECK(record["height"] == 160);
        REQUIRE_FALSE(record["crops"].empty());
        const Json& crop = record["crops"][0];
        for (const char* field : {"box", "normalized", "score", "margin_over_full", "kept", "violations",
                                  "reasons", "object_position"})
            CHECK(crop.contains(field));
        CHECK(record.contains("leave_it"));
        CHECK(record.contains("focal_point"));
        CHECK(record["model_hash"].get<std::string>().size() == 64);
    }
    const Json& square = records[0]["crops"][0]["box"];
    CHECK(square["w"] == square["h"]);
}

TEST_CASE("crop puts the format that suits the photo best first where it is asked to", "[crop_command]") {
    const test::TemporaryFolder folder;
    const Image bar = test::painted({240, 160}, [](int x, int y) {  // what stands out is wide and low
        const bool inside = x > 20 && x < 220 && y > 60 && y < 110;
        return inside ? test::Colour{250, 240, 230} : test::Colour{20 + x % 7, 30 + y % 5, 40};
    });
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bar, folder / "a").string()};
    options.aspects = {"9:16", "1:1", "3:2"};
    options.format = ReportFormat::jsonl;
    options.rank = true;
    const Run result = run(options);
    INFO(result.err);
    REQUIRE(result.exit_code == done);
    std::vector<Json> records;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) records.push_back(Json::parse(line));
    REQUIRE(records.size() == 3);
    CHECK(records[0]["format"] == "3:2");
    CHECK(records[2]["format"] == "9:16");
    for (std::size_t i = 0; i < records.size(); ++i) {
        CHECK(records[i]["rank"] == i + 1);
        CHECK(records[i]["fit"] >= 0);
        CHECK(records[i]["fit"] <= 1);
        CHECK((i == 0 || records[i]["fit"] <= records[i - 1]["fit"]));
    }
    CHECK(records[2]["fit_reasons"][0] == "this format cuts into what the photo is about");
    options.rank = false;
    CHECK_FALSE(run(options).out.find("fit_reasons") != std::string::npos);
}

TEST_CASE("crop writes one CSV row per crop", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bright_disc(), folder / "a").string()};
    options.format = ReportFormat::csv;
    options.count = 2;
    const Run result = run(options);
    CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 3);
    CHECK(result.out.rfind("path,format,rank,x,y,w,h,", 0) == 0);
}

TEST_CASE("crops are written as pictures of the size asked for, upright, once", "[crop_command]") {
    const test::TemporaryFolder folder;
    const int orientation = GENERATE(1, 6);
    CropCommandOptions options;
    options.photos.paths = {
        test::write_photo(bright_disc(), folder / "a", {.suffix = ".jpg[Q=95]", .orientation = orientation})
            .string()};
    options.presets = {"square"};
    options.upscale = true;
    options.count = 1;
    options.into = folder / "crops";
    options.preview = folder / "look";
    options.format = ReportFormat::json;
    const Run result = run(options);
    INFO(result.err);
    REQUIRE(result.exit_code == done);
    const Image crop = read_full_image(folder / "crops/a_square_1.jpg");
    CHECK(crop.size() == Size{1080, 1080});

    // What was cut out is what the box says.
    const Json box = Json::parse(result.out)[0]["crops"][0]["box"];
    const Image photo = bright_disc();
    const std::uint8_t* there = photo.at(box["x"].get<int>() + box["w"].get<int>() / 2,
                                         box["y"].get<int>() + box["h"].get<int>() / 2);
    const std::uint8_t* here = crop.at(540, 540);
    for (int c = 0; c < 3; ++c) CHECK(std::abs(int(there[c]) - int(here[c])) < 12);
    CHECK(read_full_image(folder / "look/a_square_preview.jpg").size() == Size{240, 160});

    const Run again = run(options);
    CHECK(again.exit_code == some_files_failed);
    CHECK_THAT(again.err, ContainsSubstring("is there already; --force writes over it"));
    options.force = true;
    CHECK(run(options).exit_code == done);
}

TEST_CASE("the preview of a long panorama is no thin strip", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {
        test::write_photo(test::disc({3000, 150}, .3, .5, .02, {40, 60, 90}, {220, 200, 120}), folder / "a",
                          {.suffix = ".jpg"})
            .string()};
    options.preview = folder / "look";
    options.format = ReportFormat::json;
    const Run result = run(options);
    INFO(result.err);
    REQUIRE(result.exit_code == done);
    std::vector<boost::filesystem::path> previews;
    for (const auto& entry : boost::filesystem::directory_iterator(folder / "look"))
        previews.push_back(entry.path());
    REQUIRE(previews.size() == 1);
    CHECK(read_full_image(previews.front()).height() >= 140);
}

TEST_CASE("photos of one name in two folders get two pictures", "[crop_command]") {
    const test::TemporaryFolder folder;
    boost::filesystem::create_directories(folder / "one");
    boost::filesystem::create_directories(folder / "two");
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bright_disc(), folder / "one/a").string(),
                            test::write_photo(bright_disc(), folder / "two/a").string()};
    options.count = 1;
    options.into = folder / "crops";
    CHECK(run(options).exit_code == done);
    CHECK(std::distance(boost::filesystem::directory_iterator(folder / "crops"), {}) == 2);
}

TEST_CASE("the crops of photos with the longest names get names that fit", "[crop_command]") {
    const test::TemporaryFolder folder;
    std::string stem;
    for (int i = 0; i < 123; ++i) stem += "\u00e9";
    CropCommandOptions options;
    for (const char* last : {"a", "b"})
        options.photos.paths.push_back(
            test::write_photo(bright_disc(), folder / (stem + last), {.suffix = ".jpg"}).string());
    options.count = 1;
    options.into = folder / "crops";
    const Run result = run(options);
    INFO(result.err);
    CHECK(result.exit_code == done);
    std::set<std::string> names;
    for (const auto& entry : boost::filesystem::directory_iterator(options.into))
        names.insert(entry.path().filename().string());
    CHECK(names.size() == 2);
    for (const auto& name : names) CHECK(printable(name) == name);
    CHECK(run(options).exit_code == some_files_failed);  // the same names again
}

TEST_CASE("an unknown preset is a mistake of usage, a broken photo is not", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {(folder / "broken.jpg").string()};
    test::write_bytes(folder / "broken.jpg", "no picture");
    CHECK(run(options).exit_code == some_files_failed);
    options.presets = {"squre"};
    CHECK(run(options).exit_code == bad_usage);
}

TEST_CASE("an undo log that is there already is a mistake of usage, as for score", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bright_disc(), folder / "a").string()};
    options.undo_log = folder / "a.png";
    const Run result = run(options);
    CHECK(result.exit_code == bad_usage);
    CHECK(result.out.empty());
}

TEST_CASE("a format that is named twice is looked for once", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bright_disc(), folder / "a").string()};
    options.presets = {"square", "square"};
    options.aspects = {"2:3", "2:3"};
    options.into = folder / "crops";
    options.count = 1;
    options.format = ReportFormat::json;
    const Run result = run(options);
    INFO(result.err);
    CHECK(result.exit_code == done);
    CHECK(Json::parse(result.out).size() == 2);
}

TEST_CASE("boxes are shares up to 1 and pixels above", "[crop_command]") {
    CHECK(parse_box("0.1,0.2,0.5,0.5").in({100, 100}) == Box{0.1, 0.2, 0.5, 0.5});
    CHECK(parse_box("10,20,50,50").in({100, 200}) == Box{0.1, 0.1, 0.5, 0.25});
    CHECK(parse_box("50,0,100,10").in({100, 10}) == Box{0.5, 0, 0.5, 1});
    CHECK_THROWS_AS(parse_box("200,0,10,10").in({100, 100}), Error);
    CHECK_THROWS_WITH(parse_box("1.2,0.2,0.2,0.3"), ContainsSubstring("shares of the photo go from 0 to 1"));
    for (const char* wrong : {"", "1,2,3", "0,0,0,1", "-1,0,1,1", "a,b,c,d", "0,0,1,1,1", "nan,0,1,1"})
        CHECK_THROWS_AS(parse_box(wrong), Error);
}

TEST_CASE("crop with --failed-ok has a row for a photo that failed, in any format", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {folder.path().string()};
    options.photos.failed_ok = true;
    test::write_photo(bright_disc(), folder / "a");
    test::write_bytes(folder / "broken.jpg", "no image");
    options.format = GENERATE(ReportFormat::json, ReportFormat::csv);
    const Run result = run(options);
    CHECK(result.exit_code == done);
    CHECK_THAT(result.out, ContainsSubstring("broken.jpg: "));
}

TEST_CASE("crops are compared with people's boxes and with every baseline", "[crop_command]") {
    const test::TemporaryFolder folder;
    test::write_photo(bright_disc(), folder / "a");
    test::write_photo(bright_disc(), folder / "b");
    test::write_bytes(folder / "crops.csv",
                      "image,x,y,w,h,score\na.png,60,20,160,110,\na.png,50,10,170,120,\n"
                      "b.png,0,0,240,160,2\nb.png,80,10,140,110,4\nb.png,0,90,120,70,1\n");
    EvaluateCropOptions options;
    options.images = folder.path();
    options.crops = folder / "crops.csv";
    options.model = test::tiny_model().info().file.string();
    options.json = true;
    options.quiet = true;
    std::ostringstream out, err;
    REQUIRE(run_evaluate_crop(options, out, err) == done);
    const Json results = Json::parse(out.str())["results"];
    std::map<std::string, Json> methods;
    for (const Json& row : results) methods[row["method"]] = row;
    for (const char* method : {"piaa", "whole frame", "centre 85 %", "random 80 %", "libvips attention 80 %",
                               "libvips entropy 90 %", "one person against the others"})
        CHECK(methods.contains(method));
    CHECK(methods["centre 85 %"]["gain"] == 0);
    CHECK(methods["piaa"]["iou"] > methods["whole frame"]["iou"]);
}

TEST_CASE("crops to a person's taste are scored anew from their own pixels", "[crop_command]") {
    const test::TemporaryFolder folder;
    const test::DarkTaste taste = test::write_dark_taste(folder.path());
    boost::filesystem::create_directories(folder / "photos");
    for (int i = 0; i < 3; ++i)
        test::write_photo(test::painted({240, 160},
                                        [i](int x, int y) {
                                            const int value = 20 + 10 * i + x * 3 / 4 + y * 7 % 11;
                                            return test::Colour{value, value, value};
                                        }),
                          folder / ("photos/" + std::to_string(i)));
    EvaluateCropOptions options;
    options.images = folder / "photos";
    options.users = {taste.profile};
    options.prior = taste.prior;
    options.model = test::tiny_model().info().file.string();
    options.json = true;
    options.quiet = true;
    std::ostringstream out, err;
    REQUIRE(run_evaluate_crop(options, out, err) == done);
    const Json row = Json::parse(out.str())["results"].at(0);
    CHECK(row["method"] == taste.profile.string());
    CHECK(row["gain"] > 0);  // who likes the dark gets more of it
    UNSCOPED_INFO(row.dump());
    CHECK(row.contains("differs"));
}

TEST_CASE("crops go into sidecars and the record says where", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bright_disc(), folder / "a").string()};
    options.xmp = true;
    options.undo_log = folder / "log.jsonl";
    options.format = ReportFormat::json;
    const Run result = run(options);
    REQUIRE(result.exit_code == done);
    const Json record = Json::parse(result.out)[0];
    CHECK(record["sidecar"] == options.photos.paths.front() + ".xmp");
    CHECK_THAT(test::read_bytes(options.photos.paths.front() + ".xmp"),
               ContainsSubstring("piaa-crop-free-1"));
}

TEST_CASE("a crop head is learned from photos without labels", "[crop_command]") {
    const test::TemporaryFolder folder;
    TrainCropOptions options;
    options.photos.quiet = true;
    options.model = test::tiny_model().info().file.string();
    options.output = folder / "crop.safetensors";
    options.photos.paths = {test::write_photo(bright_disc(), folder / "only").string()};
    std::ostringstream err;
    CHECK(run_train_crop(options, err) == cannot_start);
    CHECK_FALSE(boost::filesystem::exists(options.output));

    options.photos.paths.clear();
    for (const double x : {0.42, 0.46, 0.5, 0.54, 0.58})
        for (const double y : {0.42, 0.46, 0.5, 0.54, 0.58})
            options.photos.paths.push_back(
                test::write_photo(test::disc({240, 160}, x, y, 0.4, {20, 30, 40}, {250, 240, 230}),
                                  folder / ("disc" + std::to_string(options.photos.paths.size())))
                    .string());
    CHECK(run_train_crop(options, err) == done);
    const auto heads = read_crop_heads(options.output);
    REQUIRE(heads.size() == 1);
    // What stands out says where the photographers' middle is, so it counts.
    REQUIRE(heads.begin()->second.weights.size() == 1);
    CHECK(heads.begin()->second.weights.front() > 0);
    const std::string bytes = test::read_bytes(options.output);
    boost::filesystem::remove(options.output);
    CHECK(run_train_crop(options, err) == done);
    CHECK(test::read_bytes(options.output) == bytes);

    // Weights may be set; how many is known before a photo is looked at.
    options.weights = {0.35};
    boost::filesystem::remove(options.output);
    CHECK(run_train_crop(options, err) == done);
    CHECK(read_crop_heads(options.output).begin()->second.weights == std::vector{0.35});
    options.weights = {0.1, 0.2, 0.3};
    CHECK(run_train_crop(options, err) == bad_usage);
    CHECK(err.str().find("weights: there are 3 and should be 1, one for each stage") != std::string::npos);
    options.weights.clear();
    test::write_bytes(options.output, bytes);

    // Heads come from boxes; what was learned before stays.
    options.heads = folder / "heads.csv";
    std::string table = "image,x,y,w,h\n";
    const auto name = [&](std::size_t i) {
        return boost::filesystem::path(options.photos.paths[i]).filename().string();
    };
    for (std::size_t i = 0; i < 6; ++i) table += name(i) + ",.3,.3,.2,.2\n";
    table += name(6) + ",,,,\n";
    test::write_bytes(options.heads, table);
    CHECK(run_train_crop(options, err) == cannot_start);
    CHECK(err.str().find("6 of 7 photos show a head") != std::string::npos);
    CHECK(test::read_bytes(options.output) == bytes);
    test::write_bytes(options.heads, table + name(7) + ",,,,\n");
    CHECK(run_train_crop(options, err) == done);
    const auto with_heads = read_crop_heads(options.output);
    REQUIRE(with_heads.size() == 1);
    CHECK(with_heads.begin()->second.heads);
    CHECK(with_heads.begin()->second.weights == heads.begin()->second.weights);
    CHECK(with_heads.begin()->second.expected.front().values ==
          heads.begin()->second.expected.front().values);
}

TEST_CASE("what preset show says is a preset", "[crop_command]") {
    const test::TemporaryFolder folder;
    for (const Preset& preset : list_presets().presets) {
        PresetOptions options;
        options.show = preset.name;
        std::ostringstream out, err;
        REQUIRE(run_preset(options, out, err) == done);
        test::write_bytes(folder / "own.json", out.str());
        const Preset own = read_preset(folder / "own.json");
        CHECK(own.ratio == preset.ratio);
        CHECK(own.size == preset.size);
        CHECK(own.areas.size() == preset.areas.size());
    }
}

TEST_CASE("a contrast that no scrim reaches is a violation", "[crop_command]") {
    const test::TemporaryFolder folder;
    CropCommandOptions options;
    options.photos.paths = {test::write_photo(bright_disc(), folder / "a").string()};
    options.aspects = {"3:2"};
    options.blank = Box{0, 0, 0.5, 0.3};
    options.format = ReportFormat::json;
    const auto violations = [&](double contrast) {
        options.text_style = {{{128, 128, 128}}, contrast};
        return Json::parse(run(options).out)[0]["crops"][0]["violations"].dump();
    };
    CHECK(violations(4.5).find("contrast") == std::string::npos);
    CHECK(violations(15).find("contrast") != std::string::npos);
}
