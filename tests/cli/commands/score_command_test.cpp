#include "commands/score_command.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>

#include <piaa/descriptor.h>
#include <piaa/piaa.h>

#include "console/exit_code.h"
#include "support/catch.h"
#include "support/grain.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

/// A soft ramp around a grey, so that it is judged as a photo.
Image photo_of(int grey) {
    return test::painted({96, 64}, [grey](int x, int y) {
        const int value = std::clamp(grey + (x - 48) / 4 + (y * 7 % 11), 0, 255);
        return test::Colour{value, value, value};
    });
}

struct Run {
    int exit_code;
    std::string out, err;
    std::vector<std::string> lines;
};

Run run(ScoreOptions options) {
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    std::ostringstream out, err;
    Run result;
    result.exit_code = run_score(options, out, err);
    result.out = out.str();
    result.err = err.str();
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) result.lines.push_back(line);
    return result;
}

ScoreOptions options_for(const std::vector<std::string>& paths) {
    ScoreOptions options;
    options.photos.paths = paths;
    options.photos.quiet = true;
    options.photos.jobs = 2;
    return options;
}

/// Three photos, darkest first by name.
struct Album {
    test::TemporaryFolder folder;
    Album() {
        test::write_photo(photo_of(60), folder / "a");
        test::write_photo(photo_of(220), folder / "b");
        test::write_photo(photo_of(140), folder / "c");
    }
    std::string path() const { return folder.path().string(); }
};

}  // namespace

TEST_CASE("score writes one CSV row per photo, in path order", "[score_command]") {
    const Album album;
    const Run result = run(options_for({album.path()}));
    CHECK(result.exit_code == ExitCode::done);
    CHECK(result.err.empty());
    REQUIRE(result.lines.size() == 4);
    CHECK(result.lines[0] == "path,score,spread,stars,flags");
    CHECK_THAT(result.lines[1], Catch::Matchers::StartsWith(album.path() + "/a.png,3."));
    CHECK_THAT(result.lines[2], Catch::Matchers::StartsWith(album.path() + "/b.png,8."));
    CHECK_THAT(result.lines[3], Catch::Matchers::StartsWith(album.path() + "/c.png,6."));
}

TEST_CASE("score puts the best first, or only the best", "[score_command]") {
    const Album album;
    auto options = options_for({album.path()});
    options.format = ReportFormat::jsonl;
    const auto names = [&] {
        std::string all;
        for (const auto& line : run(options).lines)
            all += fs::path(Json::parse(line)["path"].get<std::string>()).stem().string();
        return all;
    };
    CHECK(names() == "abc");
    options.order = ScoreOrder::score;
    CHECK(names() == "bca");
    options.top = 2;
    CHECK(names() == "bc");
    options.order = ScoreOrder::path;
    CHECK(names() == "bc");
    options.order.reset();
    options.top = 1;
    CHECK(names() == "b");
}

TEST_CASE("JSON says which model the scores come from, CSV when asked", "[score_command]") {
    const Album album;
    auto options = options_for({album.path()});
    options.format = ReportFormat::json;
    const auto records = Json::parse(run(options).out);
    REQUIRE(records.size() == 3);
    const ModelInfo model = test::tiny_model().info();
    for (const auto& record : records) {
        CHECK(record["model"] == model.name);
        CHECK(record["model_hash"] == model.hash);
        CHECK(record["version"] == version());
        CHECK(record["device"] == test::tiny_model().device());
        CHECK(record["schema"] == 1);
        CHECK(record["flags"].size() == Flags(~0U).names().size() + 1);
        CHECK(record["flags"]["flat"] == false);
        CHECK(record["error"] == "");
        CHECK(record["score"].get<double>() >= 1);
        CHECK(record["score"].get<double>() <= 10);
    }
    options.format = ReportFormat::csv;
    options.provenance = true;
    CHECK(run(options).lines[0] == "path,score,spread,stars,flags,model,model_hash,version,device");
}

TEST_CASE("the same photos give the same bytes for any number of jobs", "[score_command]") {
    const test::TemporaryFolder folder;
    for (int i = 0; i < 30; ++i)
        test::write_photo(photo_of(20 + 7 * i), folder / ("p" + std::to_string(i)),
                          {.suffix = i % 2 ? ".jpg" : ".png"});
    const auto format =
        GENERATE(ReportFormat::csv, ReportFormat::json, ReportFormat::jsonl, ReportFormat::table);
    auto options = options_for({folder.path().string()});
    options.format = format;
    options.photos.jobs = 1;
    const std::string one = run(options).out;
    options.photos.jobs = 4;
    CHECK(run(options).out == one);
}

TEST_CASE("bad files are named, one line each, and the rest is done", "[score_command]") {
    const Album album;
    const auto file = [&](const std::string& name) { return album.path() + "/" + name; };
    test::write_bytes(file("empty.jpg"), "");
    test::write_bytes(file("text.jpg"), "hello");
    test::write_bytes(file("readme.txt"), "hello");
    test::write_bytes(file("bomb.png"), test::png_header({30000, 30000}));
    test::write_bytes(file("two\nlines\xff.jpg"), "hello");
    const auto whole = test::read_bytes(
        test::write_photo(test::random_pixels({200, 150}), file("whole"), {.suffix = ".jpg"}));
    test::write_bytes(file("cut.jpg"), whole.substr(0, whole.size() / 2));
    fs::create_symlink(".", file("loop"));

    auto options = options_for({album.path(), file("missing.jpg")});
    options.photos.quiet = false;
    const Run result = run(options);
    CHECK(result.exit_code == some_files_failed);
    CHECK(result.lines.size() == 1 + 4);  // header, the album's three and whole.jpg
    for (const auto* reason : {"/empty.jpg: is empty", "/text.jpg: is not an image",
                               "/bomb.png: image of 30000x30000", "/two\\nlines\\xff.jpg: is not an image",
                               "/cut.jpg: is damaged or truncated", "/loop: is a symbolic link back",
                               "/missing.jpg: No such file", "4 photos, 7 failed, 1 other file skipped"})
        CHECK_THAT(result.err, ContainsSubstring(reason));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 8);
    CHECK(result.err.find("readme.txt") == std::string::npos);
}

TEST_CASE("a flagged picture gets no stars", "[score_command]") {
    const test::TemporaryFolder folder;
    test::write_photo(test::plain({96, 64}, {128, 128, 128}), folder / "grey");
    auto options = options_for({folder.path().string()});
    options.format = ReportFormat::json;
    const auto record = Json::parse(run(options).out)[0];
    CHECK(record["stars"] == 0);
    CHECK(record["flags"]["flat"] == true);
    CHECK(record["flags"]["tiny"] == false);
}

TEST_CASE("score without a model cannot start", "[score_command]") {
    auto options = options_for({"."});
    options.scorer.model = "/nowhere/model.safetensors";
    std::ostringstream out, err;
    CHECK(run_score(options, out, err) == cannot_start);
    CHECK(out.str().empty());
    CHECK_THAT(err.str(), Catch::Matchers::StartsWith("piaa-batch: /nowhere/model.safetensors: "));
}

TEST_CASE("a table for people shows stars", "[score_command]") {
    const Album album;
    auto options = options_for({album.path()});
    options.photos.terminal = {.output = true, .messages = false, .columns = 100};
    const Run result = run(options);
    REQUIRE(result.lines.size() == 4);
    CHECK_THAT(result.lines[2], ContainsSubstring("★★★★★"));
}

TEST_CASE("only photos in the range are told, and acted upon", "[score_command]") {
    const Album album;
    auto options = options_for({album.path()});
    options.selection.min_score = 5;
    options.transfer = TransferKind::copy;
    options.transfer_to = album.folder / "best";
    options.undo_log = album.folder / "undo";
    const auto copied = [&](const std::string& name) { return fs::exists(album.folder / "best" / name); };
    CHECK(run(options).lines.size() == 3);
    CHECK((copied("b.png") && copied("c.png") && !copied("a.png")));

    options.selection = PhotoSelection();
    options.selection.stars = {5};
    options.transfer.reset();
    options.undo_log.clear();
    options.photos.paths = {(album.folder / "a.png").string(), (album.folder / "b.png").string()};
    CHECK(run(options).lines.size() == 2);
}

TEST_CASE("photos whose sidecars cannot be written are not copied, and counted", "[score_command]") {
    const Album album;
    auto options = options_for({album.path()});
    options.photos.quiet = false;
    options.xmp.write = true;
    options.transfer = TransferKind::copy;
    options.transfer_to = album.folder / "made/best";
    options.undo_log = album.folder / "undo";
    for (const char* name : {"a.xmp", "b.xmp", "c.xmp"}) test::write_bytes(album.folder / name, "no XMP");
    const Run result = run(options);
    CHECK(result.exit_code == some_files_failed);
    CHECK_THAT(result.err, ContainsSubstring("0 photos (0 files) copied to ") &&
                               ContainsSubstring("best, 3 not, because their sidecars could not be written"));
    CHECK_FALSE(fs::exists(album.folder / "made"));
}

TEST_CASE("files of photos that are named beside them go along and are no failures", "[score_command]") {
    const Album album;
    const auto name = [&](const std::string& file) { return (album.folder / file).string(); };
    for (const char* sidecar : {"a.dop", "a.png.xmp", "b.png.xmp", "d.png.xmp"})
        test::write_bytes(name(sidecar), "anybody's");
    auto options = options_for({name("a.dop"), name("a.png"), name("a.png.xmp"), name("b.png"),
                                name("b.png.xmp"), name("d.png.xmp")});
    options.transfer = GENERATE(TransferKind::move, TransferKind::copy);
    options.transfer_to = album.folder / "best";
    options.undo_log = album.folder / "undo";
    options.selection.min_score = 5;  // not a.png
    options.top = GENERATE(0, 3);
    options.photos.failed_ok = GENERATE(false, true);
    const Run result = run(options);
    // The sidecar of a photo that is not named is a mistake still.
    CHECK(result.exit_code == (options.photos.failed_ok ? done : some_files_failed));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err, ContainsSubstring("d.png.xmp: "));
    CHECK(fs::exists(album.folder / "best/b.png.xmp"));
    CHECK_FALSE(fs::exists(album.folder / "best/a.dop"));
}

TEST_CASE("a file that goes along with a photo may be named by another spelling of its path",
          "[score_command]") {
    const Album album;
    const fs::path folder = fs::canonical(album.folder.path());
    test::write_bytes(folder / "b.dop", "anybody's");
    fs::create_directory_symlink(folder, folder / "link");
    const fs::path around = folder / ".." / folder.filename();
    const std::vector<fs::path> spellings = {folder, around, folder / ".", folder / "link",
                                             fs::relative(folder)};
    const fs::path from = spellings.at(GENERATE(0U, 1U, 2U, 3U, 4U));
    for (const bool photo_moves : {false, true}) {
        auto options = options_for({(from / "b.dop").string(), (around / "b.png").string()});
        options.transfer = TransferKind::move;
        options.transfer_to = folder / "best";
        options.undo_log = folder / (photo_moves ? "undo" : "no undo");
        if (!photo_moves) options.selection.min_score = 9;
        const Run result = run(options);
        CAPTURE(from, photo_moves, result.err);
        CHECK(result.exit_code == done);
        CHECK(result.err.empty());
        CHECK(fs::exists(folder / "best/b.dop") == photo_moves);
    }
}

TEST_CASE("each line of a list has its row, be it a file that went along with a photo", "[score_command]") {
    const test::TemporaryFolder folder;
    test::write_photo(photo_of(200), folder / "a", {.suffix = ".jpg"});
    fs::copy_file(fs::path(PIAA_TEST_DATA) / "sample.heic", folder / "a.heic");
    std::string list;
    for (const char* sidecar : {"a.aae", "a.heic.xmp", "a.jpg.xmp"}) test::write_bytes(folder / sidecar, "-");
    for (const char* file : {"a.aae", "a.heic", "a.heic.xmp", "a.jpg", "a.jpg.xmp"})
        list += (folder / file).string() + '\n';
    test::write_bytes(folder / "list", list);
    const Descriptor input(::open((folder / "list").c_str(), O_RDONLY | O_CLOEXEC));
    auto options = options_for({"-"});
    options.photos.input = input;
    options.format = ReportFormat::jsonl;
    options.transfer = TransferKind::move;
    options.transfer_to = folder / "best";
    options.undo_log = folder / "undo";
    const Run result = run(options);
    CHECK(result.exit_code == done);
    CHECK(result.err.empty());
    REQUIRE(result.lines.size() == 5);
    CHECK(Json::parse(result.lines[1])["error"] == "");
    CHECK_THAT(Json::parse(result.lines[2])["error"].get<std::string>(),
               ContainsSubstring("a.heic.xmp: goes with another file of its photo"));
    CHECK(fs::exists(folder / "best/a.jpg.xmp"));
}

TEST_CASE("an undo log that is there already is told before any photo is looked at", "[score_command]") {
    const Album album;
    auto options = options_for({album.path()});
    options.transfer = TransferKind::copy;
    options.transfer_to = album.folder / "best";
    options.undo_log = album.folder / "a.png";
    const Run result = run(options);
    CHECK(result.exit_code == bad_usage);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, ContainsSubstring("a.png: is there already and is not replaced by an undo log"));
    CHECK_FALSE(fs::exists(options.transfer_to));

    options.undo_log = album.folder / "nowhere/undo";
    const Run nowhere = run(options);
    CHECK(nowhere.exit_code == bad_usage);
    CHECK(nowhere.out.empty());
    CHECK(std::count(nowhere.err.begin(), nowhere.err.end(), '\n') == 1);
    CHECK_THAT(nowhere.err, ContainsSubstring("nowhere/undo: cannot be written: No such file"));
}

TEST_CASE("a subject that is softer than in another version is flagged when asked", "[score_command]") {
    const test::TemporaryFolder folder;
    test::write_photo(test::grain(0), folder / "b");
    test::write_photo(test::grain(3), folder / "c");
    test::write_bytes(folder / "a.jpg", "no photo");
    ScoreOptions options = options_for({folder.path().string()});
    options.photos.failed_ok = true;
    options.format = ReportFormat::jsonl;
    options.photos.keep_subjects = GENERATE(true, false);
    const Run result = run(options);
    REQUIRE(result.lines.size() == 3);
    const Json failed = Json::parse(result.lines[0]), sharp = Json::parse(result.lines[1]),
               soft = Json::parse(result.lines[2]);
    CHECK(failed["error"] != "");
    CHECK(sharp["flags"]["soft_subject"] == false);
    CHECK(soft["flags"]["soft_subject"] == options.photos.keep_subjects);
    options.photos.keep_subjects = false;
    CHECK(Json::parse(run(options).lines[2])["score"] == soft["score"]);
}

TEST_CASE("a percentile is a photo's place among all of the run, told or not", "[score_command]") {
    const Album album;
    test::write_photo(photo_of(140), album.folder / "d");  // as c
    ScoreOptions options = options_for({album.path()});
    options.percentile = true;
    options.format = ReportFormat::json;
    std::map<std::string, double> percentiles;
    for (const Json& row : Json::parse(run(options).out))
        percentiles[fs::path(row["path"].get<std::string>()).stem().string()] = row["percentile"];
    CHECK(percentiles == std::map<std::string, double>{{"a", 12.5}, {"b", 87.5}, {"c", 50}, {"d", 50}});

    options.top = 1;
    options.format = ReportFormat::csv;
    const Run best = run(options);
    REQUIRE(best.lines.size() == 2);
    CHECK(best.lines[0] == "path,score,spread,stars,percentile,flags");
    CHECK(best.lines[1].find(",87.5,") != std::string::npos);
}
