#include "piaa/c_api.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <map>
#include <sstream>
#include <thread>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/profile.h>

#include "commands/crop_command.h"
#include "commands/explain_command.h"
#include "commands/score_command.h"
#include "console/exit_code.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/dark_taste.h"
#include "support/level_pictures.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using test::ChildProcess;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

/// Sets the size of a struct of the interface.
template <typename Struct>
Struct sized() {
    Struct one{};
    one.size = sizeof one;
    return one;
}

using ModelHandle = std::unique_ptr<piaa_model, decltype(&piaa_release)>;
using PhotoHandle = std::unique_ptr<piaa_photo, decltype(&piaa_close)>;

/// Two photos, and somebody who likes the dark.
struct Room {
    Room() : taste(test::write_dark_taste(folder.path())), file(test::tiny_model().info().file.string()) {
        fs::create_directory(folder / "photos");
        dark =
            test::write_photo(test::photo_of(60), folder / "photos/dark", {.suffix = ".jpg[Q=90]"}).string();
        light = test::write_photo(test::photo_of(200), folder / "photos/light").string();
    }

    ModelHandle load(bool personal = false) const {
        auto options = sized<piaa_load_options>();
        options.model = file.c_str();
        options.device = "cpu";
        const std::string user = taste.profile.string(), prior = taste.prior.string();
        if (personal) options.user = user.c_str();
        if (personal) options.prior = prior.c_str();
        piaa_model* model = nullptr;
        const piaa_status status = piaa_load(&options, &model);
        INFO(piaa_last_error());
        REQUIRE(status == PIAA_OK);
        return {model, piaa_release};
    }

    cli::ScorerOptions scorer(bool personal) const {
        cli::ScorerOptions options{.model = file, .device = "cpu"};
        if (personal) options.user = taste.profile;
        if (personal) options.prior = taste.prior;
        return options;
    }

    /// What the command line says of the folder, by path.
    template <typename Options, typename Run>
    std::map<std::string, Json> rows(Options options, Run run, bool personal) const {
        options.photos.paths = {(folder / "photos").string()};
        options.photos.quiet = true;
        options.scorer = scorer(personal);
        options.format = cli::ReportFormat::jsonl;
        std::ostringstream out, err;
        REQUIRE(run(options, out, err) == cli::done);
        std::map<std::string, Json> rows;
        std::istringstream lines(out.str());
        for (std::string line; std::getline(lines, line);) {
            Json row = Json::parse(line);
            rows[row["path"]] = row;
        }
        return rows;
    }

    test::TemporaryFolder folder;
    test::DarkTaste taste;
    std::string file, dark, light;
};

PhotoHandle open(const ModelHandle& model, const std::string& path, int use = PIAA_FOR_ALL) {
    piaa_photo* photo = nullptr;
    const piaa_status status = piaa_open_file(model.get(), path.c_str(), use, &photo);
    INFO(piaa_last_error());
    REQUIRE(status == PIAA_OK);
    return {photo, piaa_close};
}

Json json_of(piaa_status status, char*& text) {
    INFO(piaa_last_error());
    REQUIRE(status == PIAA_OK);
    const Json json = Json::parse(text);
    piaa_free(text);
    return json;
}

std::string output_of(const std::string& command) {
    return ChildProcess({"/bin/sh", "-c", command}).wait().output;
}

}  // namespace

TEST_CASE("C sees the rows of the command line, to the last digit", "[c_api]") {
    const Room room;
    const bool personal = GENERATE(false, true);
    const ModelHandle model = room.load(personal);
    const auto scores = room.rows(cli::ScoreOptions(), cli::run_score, personal);
    const auto crops = room.rows(cli::CropCommandOptions(), cli::run_crop, personal);
    REQUIRE(scores.size() == 2);
    for (const auto& [path, row] : scores) {
        const PhotoHandle photo = open(model, path);
        char* text = nullptr;
        CHECK(json_of(piaa_score_json(model.get(), photo.get(), &text), text) == row);
        CHECK(json_of(piaa_crop_json(model.get(), photo.get(), nullptr, &text), text) == crops.at(path));
        auto score = sized<piaa_score_result>();
        REQUIRE(piaa_score(model.get(), photo.get(), &score) == PIAA_OK);
        CHECK(std::abs(score.score - row["score"].get<double>()) < 1e-6);
        CHECK(std::abs(score.generic - row["generic"].get<double>()) < 1e-6);
        CHECK(score.stars == row["stars"]);
        CHECK(score.flags == 0);

        std::vector<piaa_crop_result> boxes(3, sized<piaa_crop_result>());
        std::size_t count = 0;
        int32_t leave_it = -1;
        REQUIRE(piaa_crop(model.get(), photo.get(), nullptr, boxes.data(), boxes.size(), &count, &leave_it) ==
                PIAA_OK);
        const Json& best = crops.at(path)["crops"][0]["box"];
        CHECK(count == crops.at(path)["crops"].size());
        CHECK(Json{{"x", boxes[0].x}, {"y", boxes[0].y}, {"w", boxes[0].width}, {"h", boxes[0].height}} ==
              best);
        CHECK((leave_it != 0) == crops.at(path)["leave_it"]);

        cli::ExplainOptions explain{
            .photos = {}, .scorer = room.scorer(personal), .into = room.folder / "maps"};
        explain.photos.paths = {path};
        explain.photos.quiet = true;
        std::ostringstream out, err;
        REQUIRE(cli::run_explain(explain, out, err) == cli::done);
        const Json reasons = json_of(piaa_explain(model.get(), photo.get(), &text), text);
        CHECK(reasons ==
              Json::parse(test::read_bytes(explain.into / (fs::path(path).stem().string() + ".json"))));
        CHECK(reasons["sentences"].back() == reasons["sharpness"]);
        CHECK(reasons.contains("taste") == personal);
    }
}

TEST_CASE("C levels tilted photos as the command line does", "[c_api]") {
    const Room room;
    test::write_photo(test::facade({900, 600}, 3), room.folder / "photos/tilted", {.suffix = ".jpg[Q=90]"});
    const ModelHandle model = room.load();
    cli::CropCommandOptions command;
    command.straighten = true;
    command.aspects = {"1:1"};
    auto options = sized<piaa_crop_options>();
    options.straighten = 1;
    options.aspect = "1:1";
    std::size_t turned = 0;
    for (const auto& [path, row] : room.rows(command, cli::run_crop, false)) {
        const std::string bytes = test::read_bytes(path);
        piaa_photo* sent = nullptr;
        REQUIRE(piaa_open_bytes(model.get(), bytes.data(), bytes.size(), path.c_str(), PIAA_FOR_ALL, &sent) ==
                PIAA_OK);
        for (const PhotoHandle& photo : {open(model, path), PhotoHandle{sent, piaa_close}}) {
            char* text = nullptr;
            CHECK(json_of(piaa_crop_json(model.get(), photo.get(), &options, &text), text) == row);
            auto best = sized<piaa_crop_result>();
            std::size_t count = 0;
            REQUIRE(piaa_crop(model.get(), photo.get(), &options, &best, 1, &count, nullptr) == PIAA_OK);
            CHECK(best.angle == row["angle"].get<double>());
            CHECK(best.width == row["crops"][0]["box"]["w"]);
            CHECK(best.frame_width == row["width"]);
            CHECK(best.frame_height == row["height"]);
            turned += best.angle != 0;
        }
    }
    CHECK(turned == 2);
}

TEST_CASE("C opens bytes and pixels as it opens files", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load();
    const auto score_of = [&](const PhotoHandle& photo) {
        auto score = sized<piaa_score_result>();
        REQUIRE(piaa_score(model.get(), photo.get(), &score) == PIAA_OK);
        return score.score;
    };
    const double whole = score_of(open(model, room.light, PIAA_FOR_SCORE));
    const std::string bytes = test::read_bytes(room.light);
    piaa_photo* photo = nullptr;
    REQUIRE(piaa_open_bytes(model.get(), bytes.data(), bytes.size(), "sent", PIAA_FOR_SCORE, &photo) ==
            PIAA_OK);
    CHECK(score_of({photo, piaa_close}) == whole);

    const Image image = test::photo_of(200);
    std::vector<std::uint8_t> padded;  // five bytes after each row
    for (int y = 0; y < image.height(); ++y) {
        padded.insert(padded.end(), image.at(0, y), image.at(0, y) + 3 * image.width());
        padded.insert(padded.end(), 5, 255);
    }
    auto pixels = sized<piaa_pixels>();
    pixels.rgb = padded.data();
    pixels.width = image.width();
    pixels.height = image.height();
    pixels.row_bytes = 3 * static_cast<std::size_t>(image.width()) + 5;
    REQUIRE(piaa_open_pixels(model.get(), &pixels, PIAA_FOR_SCORE, &photo) == PIAA_OK);
    CHECK(score_of({photo, piaa_close}) == whole);
}

TEST_CASE("C learns a person from nothing, and saves beside what others said", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load(true);
    const PhotoHandle light = open(model, room.light);
    auto before = sized<piaa_score_result>(), after = sized<piaa_score_result>();
    REQUIRE(piaa_score(model.get(), light.get(), &before) == PIAA_OK);
    for (int i = 0; i < 3; ++i) REQUIRE(piaa_rate(model.get(), light.get(), 5) == PIAA_OK);
    REQUIRE(piaa_score(model.get(), light.get(), &after) == PIAA_OK);
    CHECK(after.score > before.score);
    char* text = nullptr;
    const Json held = json_of(piaa_profile(model.get(), &text), text);
    const std::size_t events = load_profile(room.taste.profile).events().size();
    CHECK(held["ratings"] == events + 1);
    REQUIRE(piaa_save(model.get(), nullptr) == PIAA_OK);
    CHECK(load_profile(room.taste.profile).events().size() == events + 1);

    CHECK(piaa_rate(model.get(), light.get(), 6) == PIAA_BAD_ARGUMENT);
    CHECK(std::string(piaa_last_error()).find("should be 1 to 5") != std::string::npos);
}

TEST_CASE("C saves all of a person under another name, and goes on there", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load(true);
    const PhotoHandle light = open(model, room.light);
    const auto score = [&] {
        auto result = sized<piaa_score_result>();
        REQUIRE(piaa_score(model.get(), light.get(), &result) == PIAA_OK);
        return result.score;
    };
    const std::size_t events = load_profile(room.taste.profile).events().size();
    REQUIRE(piaa_rate(model.get(), light.get(), 5) == PIAA_OK);
    const double learned = score();
    const std::string copy = (room.folder / "copy.pt").string(), last = (room.folder / "last.pt").string();
    for (const std::string& file : {copy, last}) {
        REQUIRE(piaa_save(model.get(), file.c_str()) == PIAA_OK);
        CHECK(load_profile(file).events().size() == events + 1);
        CHECK(score() == learned);
    }
    CHECK(load_profile(room.taste.profile).events().size() == events);
    REQUIRE(piaa_rate(model.get(), open(model, room.dark).get(), 1) == PIAA_OK);
    REQUIRE(piaa_save(model.get(), (room.folder / "./last.pt").c_str()) == PIAA_OK);
    CHECK(load_profile(last).events().size() == load_profile(copy).events().size() + 1);

    const std::string own = test::read_bytes(room.taste.profile);
    CHECK(piaa_save(model.get(), room.taste.profile.c_str()) == PIAA_BAD_ARGUMENT);
    CHECK_THAT(piaa_last_error(), Catch::Matchers::StartsWith(room.taste.profile.string()));
    CHECK(test::read_bytes(room.taste.profile) == own);
    CHECK(piaa_save(model.get(), "") == PIAA_BAD_ARGUMENT);
    CHECK(piaa_save(model.get(), (room.folder / "none/x.pt").c_str()) == PIAA_IO);
    CHECK_FALSE(fs::exists(room.folder / "none"));
}

TEST_CASE("C saves who was nobody under one name and another", "[c_api]") {
    test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::photo_of(60), folder / "dark").string();
    piaa_model* loaded = nullptr;
    REQUIRE(piaa_load(nullptr, &loaded) == PIAA_OK);
    const ModelHandle model(loaded, piaa_release);
    REQUIRE(piaa_rate(model.get(), open(model, photo, PIAA_FOR_SCORE).get(), 5) == PIAA_OK);
    for (const auto& file : {folder / "a.pt", folder / "b.pt"}) {
        REQUIRE(piaa_save(model.get(), file.c_str()) == PIAA_OK);
        CHECK(load_profile(file).events().size() == 1);
    }
}

TEST_CASE("C is told what is wrong by a code and a sentence", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load();
    piaa_photo* photo = nullptr;
    CHECK(piaa_open_file(model.get(), "missing.jpg", PIAA_FOR_SCORE, &photo) == PIAA_IO);
    CHECK(photo == nullptr);
    CHECK(std::string(piaa_last_error()) == "missing.jpg: cannot be read: No such file or directory");
    CHECK(piaa_open_bytes(model.get(), "no image", 8, "sent", PIAA_FOR_SCORE, &photo) == PIAA_BAD_IMAGE);
    CHECK(piaa_open_file(nullptr, "a.jpg", PIAA_FOR_SCORE, &photo) == PIAA_BAD_ARGUMENT);
    piaa_model* none = nullptr;
    auto options = sized<piaa_load_options>();
    options.model = "/nowhere/model.safetensors";
    CHECK(piaa_load(&options, &none) == PIAA_IO);
    options.size = 8;
    CHECK(piaa_load(&options, &none) == PIAA_BAD_ARGUMENT);
    char* text = nullptr;
    CHECK(piaa_profile(model.get(), &text) == PIAA_BAD_ARGUMENT);
    CHECK(piaa_save(model.get(), nullptr) == PIAA_BAD_ARGUMENT);
    const PhotoHandle cheap = open(model, room.dark, PIAA_FOR_SCORE);
    CHECK(piaa_crop_json(model.get(), cheap.get(), nullptr, &text) == PIAA_BAD_ARGUMENT);
    auto crop = sized<piaa_crop_options>();
    crop.preset = "no-such-preset";
    const PhotoHandle whole = open(model, room.dark);
    CHECK(piaa_crop_json(model.get(), whole.get(), &crop, &text) == PIAA_BAD_PRESET);
    std::thread([] { CHECK(std::string(piaa_last_error()).empty()); }).join();
}

TEST_CASE("C refuses options of crops that cannot be meant", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load();
    const PhotoHandle photo = open(model, room.dark);
    const auto refused = [&](const std::function<void(piaa_crop_options&)>& change) {
        auto options = sized<piaa_crop_options>();
        change(options);
        char* text = nullptr;
        CHECK(piaa_crop_json(model.get(), photo.get(), &options, &text) == PIAA_BAD_ARGUMENT);
        std::size_t count = 0;
        CHECK(piaa_crop(model.get(), photo.get(), &options, nullptr, 0, &count, nullptr) ==
              PIAA_BAD_ARGUMENT);
        return std::string(piaa_last_error());
    };
    for (const double margin : {std::nan(""), -0.1, 0.5})
        CHECK(refused([&](auto& options) { options.margin = margin; }) == "margin should be 0 to 0.45");
    CHECK(refused([](auto& options) { options.min_kept = 1.5; }) == "min_kept should be 0 to 1");
    CHECK(refused([](auto& options) { options.min_width = -1; }) ==
          "min_width and min_height should be 0 or more");
    CHECK(refused([](auto& options) { options.reserved = 1; }) == "reserved should be 0");
    CHECK(refused([](auto& options) {
              options.preset = "square";
              options.aspect = "4:5";
          }) == "preset and aspect are both given and should be one of them");
    const double boxes[][4] = {
        {0, 0, 2, 2}, {0.5, 0, 0.6, 1}, {-0.1, 0, 0.5, 0.5}, {0, 0, 0, 1}, {0, std::nan(""), 1, 1}};
    for (const auto& box : boxes) {
        const std::string shares = " should be x, y, width, height in shares from 0 to 1, inside the whole";
        CHECK(refused([&](auto& options) { options.blank = box; }) == "blank" + shares);
        CHECK(refused([&](auto& options) {
                  options.keep = box;
                  options.keep_count = 1;
              }) == "keep" + shares);
    }
    const PhotoHandle cheap = open(model, room.dark, PIAA_FOR_SCORE);
    char* text = nullptr;
    std::size_t count = 0;
    const std::string wanted = "the photo was opened with PIAA_FOR_SCORE and should be with PIAA_FOR_ALL";
    CHECK(piaa_explain(model.get(), cheap.get(), &text) == PIAA_BAD_ARGUMENT);
    CHECK(piaa_last_error() == wanted);
    CHECK(piaa_crop(model.get(), cheap.get(), nullptr, nullptr, 0, &count, nullptr) == PIAA_BAD_ARGUMENT);
    CHECK(piaa_last_error() == wanted);
}

TEST_CASE("C is told of a photo that is broken, whatever its path, and goes on", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load(false);
    // Too long a path to lie inside a string.
    const std::string whole = test::read_bytes(room.light),
                      broken = (room.folder / "that ends early.jpg").string();
    test::write_bytes(broken, whole.substr(0, whole.size() / 2));
    piaa_photo* photo = nullptr;
    CHECK(piaa_open_file(model.get(), broken.c_str(), PIAA_FOR_ALL, &photo) == PIAA_BAD_IMAGE);
    CHECK(photo == nullptr);
    CHECK_THAT(piaa_last_error(), Catch::Matchers::StartsWith(broken + ": is damaged or truncated"));
    CHECK(piaa_open_bytes(model.get(), "no image", 8, broken.c_str(), PIAA_FOR_ALL, &photo) ==
          PIAA_BAD_IMAGE);
    CHECK(open(model, room.light) != nullptr);
}

TEST_CASE("a struct of a later version is filled as far as this one goes", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load();
    const PhotoHandle photo = open(model, room.dark);
    struct {
        piaa_score_result known;
        double added;
    } later{sized<piaa_score_result>(), -1};
    later.known.size = sizeof later;
    REQUIRE(piaa_score(model.get(), photo.get(), &later.known) == PIAA_OK);
    CHECK(later.known.size == sizeof later);
    CHECK(later.known.score > 1);
    CHECK(later.added == -1);
}

TEST_CASE("structs of the first version are read and filled as far as they go", "[c_api]") {
    const Room room;
    const ModelHandle model = room.load();
    const PhotoHandle photo = open(model, room.dark);
    auto options = sized<piaa_crop_options>();
    options.size = 80;
    options.straighten = 1;  // which lies behind what the first version had
    auto crop = sized<piaa_crop_result>();
    crop.size = 56;
    crop.angle = -1;
    crop.frame_width = -1;
    std::size_t count = 0;
    REQUIRE(piaa_crop(model.get(), photo.get(), &options, &crop, 1, &count, nullptr) == PIAA_OK);
    CHECK(crop.angle == -1);
    CHECK(crop.frame_width == -1);
    CHECK(crop.width > 0);
    char* text = nullptr;
    CHECK_FALSE(json_of(piaa_crop_json(model.get(), photo.get(), &options, &text), text).contains("angle"));
}

TEST_CASE("the C library shows what version 1 promises, and nothing else", "[c_api]") {
    CHECK(piaa_c_api_version() == PIAA_C_API_VERSION);
    CHECK(sizeof(piaa_load_options) == 40);
    CHECK(sizeof(piaa_pixels) == 40);
    CHECK(sizeof(piaa_score_result) == 48);
    CHECK(offsetof(piaa_score_result, stars) == 40);
    CHECK(offsetof(piaa_crop_options, straighten) == 80);
    CHECK(offsetof(piaa_crop_options, blank) == 48);
    CHECK(offsetof(piaa_crop_result, angle) == 56);
    CHECK(offsetof(piaa_crop_result, frame_width) == 64);
    CHECK(sizeof(piaa_crop_result) == 72);
    CHECK(offsetof(piaa_crop_result, violations) == 48);
    const std::string shown =
        output_of("nm -D --defined-only '" PIAA_C_LIBRARY "' | sed 's/@.*//;s/.* //' | sort");
    std::istringstream names(shown);
    std::vector<std::string> functions;
    for (std::string name; std::getline(names, name);)
        if (name != "PIAA_C_1") functions.push_back(name);
    CHECK(functions == std::vector<std::string>{
                           "piaa_c_api_version", "piaa_close", "piaa_crop", "piaa_crop_json", "piaa_explain",
                           "piaa_free", "piaa_last_error", "piaa_load", "piaa_open_bytes", "piaa_open_file",
                           "piaa_open_pixels", "piaa_profile", "piaa_rate", "piaa_release", "piaa_save",
                           "piaa_score", "piaa_score_json", "piaa_version"});
}

TEST_CASE("an example in C runs and says what the command line says", "[c_api]") {
    const Room room;
    const auto tilted = test::write_photo(test::facade({900, 600}, 3), room.folder / "photos/tilted",
                                          {.suffix = ".jpg[Q=90]"})
                            .string();
    const auto ending =
        ChildProcess({PIAA_C_EXAMPLE, room.file, room.dark, room.light, tilted, "missing.jpg"}).wait();
    CHECK(ending.exit_code == 1);
    CHECK(ending.errors == "example: missing.jpg: cannot be read: No such file or directory\n");
    std::istringstream lines(ending.output);
    const auto rows = room.rows(cli::ScoreOptions(), cli::run_score, false);
    cli::CropCommandOptions command;
    command.straighten = true;
    command.aspects = {"1:1"};
    const auto crops = room.rows(command, cli::run_crop, false);
    CHECK(crops.at(tilted)["width"] < 900);
    int count = 0;
    for (std::string path, rest; lines >> path && std::getline(lines, rest); ++count) {
        double score = 0, angle = 0;
        int stars = 0;
        std::array<int, 6> pixels{};
        REQUIRE(std::sscanf(rest.c_str(), "%lf %d %d,%d %dx%d of %dx%d turned by %lf", &score, &stars,
                            &pixels[0], &pixels[1], &pixels[2], &pixels[3], &pixels[4], &pixels[5],
                            &angle) == 9);
        const Json& crop = crops.at(path);
        const Json& box = crop["crops"][0]["box"];
        CHECK(Json(pixels) == Json{box["x"], box["y"], box["w"], box["h"], crop["width"], crop["height"]});
        CHECK(angle == crop["angle"].get<double>());
        CHECK(std::abs(score - rows.at(path)["score"].get<double>()) < 1e-6);
        CHECK(stars == rows.at(path)["stars"]);
    }
    CHECK(count == 3);
}
