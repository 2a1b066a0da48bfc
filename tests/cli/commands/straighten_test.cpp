#include <atomic>
#include <sstream>
#include <string>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/level.h>

#include "commands/crop_command.h"
#include "console/exit_code.h"
#include "photos/image_file.h"
#include "report/picture_name.h"
#include "support/catch.h"
#include "support/level_pictures.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

CropCommandOptions straightening(const boost::filesystem::path& photo) {
    CropCommandOptions options;
    options.photos.paths = {photo.string()};
    options.photos.quiet = true;
    options.photos.jobs = 1;
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    options.format = ReportFormat::jsonl;
    options.straighten = true;
    return options;
}

std::string answer(const CropCommandOptions& options) {
    std::ostringstream out, err;
    const int code = run_crop(options, out, err);
    INFO(err.str());
    CHECK(code == ExitCode::done);
    return out.str();
}

}  // namespace

TEST_CASE("a tilted photo is levelled before crops are looked for in it", "[straighten]") {
    const test::TemporaryFolder folder;
    const int orientation = GENERATE(1, 6);
    const Size size{900, 600};
    const double tilt = 3;
    const auto photo = test::write_photo(test::facade(size, tilt), folder / "a",
                                         {.suffix = ".jpg", .orientation = orientation});
    auto options = straightening(photo);
    options.aspects = {"1:1"};
    options.count = 1;
    options.into = folder / "crops";
    options.svg = folder / "posters";
    options.preview = folder / "look";
    const Json record = Json::parse(answer(options));
    const double angle = record.at("angle");
    CHECK(angle == Approx(tilt).margin(0.5));
    const Size frame = Levelling{angle, size}.frame();
    CHECK(record["width"] == frame.width);
    CHECK(record["height"] == frame.height);
    const Json& box = record["crops"][0]["box"];
    CHECK(box["x"].get<int>() + box["w"].get<int>() <= frame.width);
    CHECK(box["y"].get<int>() + box["h"].get<int>() <= frame.height);

    // Whoever learns from the crop knows the photo, and about the same part of it.
    auto as_it_is = straightening(photo);
    as_it_is.aspects = {"1:1"};
    as_it_is.straighten = false;
    const std::string upright = Json::parse(answer(as_it_is))["crops"][0]["id"];
    const PictureName name = parse_picture_name(record["crops"][0]["id"].get<std::string>());
    CHECK(name.photo == parse_picture_name(upright).photo);
    REQUIRE(name.part);
    CHECK(name.part->right() <= 1);
    CHECK(name.part->height * size.height >= box["h"].get<int>());
    CHECK(name.part->height * size.height < box["h"].get<int>() + 60);

    const Image crop = read_full_image(record["files"][0].get<std::string>());
    CHECK(crop.size() == Size{box["w"], box["h"]});
    CHECK(std::abs(estimate_tilt(crop).angle) < 0.5);  // it came out level
    CHECK(std::abs(estimate_tilt(read_full_image(folder / "look/a_1x1_preview.jpg")).angle) < 0.5);
    CHECK_THAT(test::read_bytes(folder / "posters/a_1x1_1.svg"),  // which hold the frame
               ContainsSubstring("width=\"" + std::to_string(frame.width) + "\" height=\"" +
                                 std::to_string(frame.height) + "\""));
}

TEST_CASE("level photos and such without lines are left as they are", "[straighten]") {
    const test::TemporaryFolder folder;
    const auto picture = GENERATE(test::facade({480, 320}, 0),
                                  test::disc({240, 160}, 0.7, 0.4, 0.12, {9, 9, 9}, {250, 240, 230}),
                                  test::plain({3, 2}, {1, 2, 3}));
    const auto photo = test::write_photo(picture, folder / "a");
    auto options = straightening(photo);
    Json record = Json::parse(answer(options));
    CHECK(record["angle"] == 0.0);
    CHECK(record["width"] == picture.width());
    options.straighten = false;
    record.erase("angle");
    CHECK(Json::parse(answer(options)) == record);
}

TEST_CASE("angle is a column of tables with --straighten alone", "[straighten]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::facade({480, 320}, 2), folder / "a");
    auto options = straightening(photo);
    options.format = ReportFormat::csv;
    CHECK_THAT(answer(options), ContainsSubstring("rank,angle,x,y"));
    options.straighten = false;
    CHECK_THAT(answer(options), !ContainsSubstring("angle"));
}

TEST_CASE("what must be kept is named in the photo and kept in its frame", "[straighten]") {
    const test::TemporaryFolder folder;
    const Size size{480, 320};
    const auto photo = test::write_photo(test::facade(size, 4), folder / "a");
    auto options = straightening(photo);
    options.keep = {parse_box("0.6,0.3,0.2,0.2")};
    options.aspects = {"1:1"};
    const Json record = Json::parse(answer(options));
    const double angle = record["angle"];
    REQUIRE(angle != 0);
    const Box kept = Levelling{angle, size}.in_frame({0.6, 0.3, 0.2, 0.2});
    const Json& crop = record["crops"][0]["normalized"];
    CHECK(crop["x"].get<double>() <= kept.x + 1e-3);
    CHECK(crop["y"].get<double>() <= kept.y + 1e-3);
    CHECK(crop["x"].get<double>() + crop["w"].get<double>() >= kept.right() - 1e-3);
    CHECK(crop["y"].get<double>() + crop["h"].get<double>() >= kept.bottom() - 1e-3);
}

TEST_CASE("a photo with as many pixels as asked for is not levelled to fewer", "[straighten]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::facade({480, 320}, 3), folder / "a");
    auto options = straightening(photo);
    options.min_pixels = {470, 310};
    const Json record = Json::parse(answer(options));
    CHECK(record["angle"] == 0.0);
    CHECK(record["crops"][0]["violations"].empty());
    options.min_pixels = {500, 500};  // which the photo has not either
    CHECK(Json::parse(answer(options))["angle"] != 0.0);
}

TEST_CASE("a design may slant", "[straighten]") {
    const Image slanting = test::facade({480, 320}, 3);
    const PersonalModel scorer(test::tiny_model());
    Features features = extract_features(scorer.model(), {&slanting, 1}, {.keep_maps = true}).front();
    CropRequest request;
    request.straighten = true;
    std::atomic<bool> faces = false;
    const auto formats = requested_formats(request);
    CHECK(find_photo_crops(request, formats, scorer, features, faces).angle() != 0);
    features.flags.set(Flag::graphic);
    CHECK(find_photo_crops(request, formats, scorer, features, faces).angle() == 0);
}
