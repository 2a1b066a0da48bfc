#include "commands/explain_command.h"

#include <set>
#include <sstream>

#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/piaa.h>

#include "console/escape.h"
#include "console/exit_code.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/taste.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

/// Dark at the left and bright at the right, which the tiny model likes.
Image photo() {
    return test::painted({120, 80}, [](int x, int y) {
        const int value = std::min(255, 20 + 2 * x + (x * y) % 7);
        return test::Colour{value, value, value};
    });
}

struct Run {
    int exit_code;
    std::string out, err;
};

Run run(ExplainOptions options, const std::vector<std::string>& paths) {
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    options.photos.paths = paths;
    options.photos.quiet = true;
    std::ostringstream out, err;
    const int exit_code = run_explain(options, out, err);
    return {exit_code, out.str(), err.str()};
}

Json read_json(const fs::path& file) {
    return Json::parse(test::read_bytes(file));
}

/// A profile of somebody who cares for brightness only half as much, and its prior.
void write_person(const fs::path& profile_file, const fs::path& prior_file) {
    PriorParts parts = test::small_prior_parts(2);
    parts.model = test::tiny_model().info().hash;
    save_prior(prior_file, Prior(std::move(parts)));
    const Prior prior = load_prior(prior_file);
    UserProfile profile({"tiny", prior.model(), "tiny64"});
    Learned learned;
    learned.method = "ridge";
    learned.prior = prior.hash();
    learned.tensors["weights"] = {{4}, {0.6F, 0.5F, 0, 0}};
    learned.numbers = {{"gate", 1}, {"noise", 0.02}};
    profile.set_learned(learned);
    save_profile(profile_file, profile);
}

}  // namespace

TEST_CASE("explain writes the map over the photo, a sheet and the reasons", "[explain_command]") {
    const test::TemporaryFolder folder;
    const std::string file = test::write_photo(photo(), folder / "beach").string();
    ExplainOptions options;
    options.into = folder / "maps" / "new";
    const Run result = run(options, {file});
    CHECK(result.err.empty());
    CHECK(result.exit_code == ExitCode::done);

    const Image overlay = read_full_image(options.into / "beach.generic.png");
    CHECK(overlay.height() > 80);  // the legend is below
    const int left = (overlay.width() - 120) / 2;
    const auto* dark = overlay.at(left + 2, 40);
    const auto* bright = overlay.at(left + 117, 40);
    CHECK(dark[2] > dark[0]);      // blue: lowers the score
    CHECK(bright[0] > bright[2]);  // orange: raises it
    CHECK(read_full_image(options.into / "beach.sheet.png").width() > 2 * 120);
    CHECK_FALSE(fs::exists(options.into / "beach.personal.png"));

    const Json reasons = read_json(options.into / "beach.json");
    CHECK(reasons["path"] == file);
    CHECK(reasons["average_photo"].get<double>() == Approx(5.5).margin(0.01));
    double sum = reasons["average_photo"];
    for (const auto& place : reasons["places"]) sum += place["points"].get<double>();
    CHECK(sum == Approx(reasons["score"].get<double>()).margin(0.3));
    CHECK(reasons["attributes"].size() == attribute_count);
    CHECK(reasons["places"].front()["place"].get<std::string>().find("right") != std::string::npos);
    CHECK_THAT(reasons["sharpness"].get<std::string>(), ContainsSubstring("Sharpest at: "));
    CHECK(reasons["sentences"].back() == reasons["sharpness"]);
    CHECK(test::read_bytes(options.into / "beach.txt") == result.out);
    CHECK_THAT(result.out,
               ContainsSubstring("beach.png\n") && ContainsSubstring("Places that raise the score: "));
}

TEST_CASE("explain writes the caller's key, of any bytes, and a path that leads to the photo",
          "[explain_command]") {
    const test::TemporaryFolder folder;
    const std::string file = test::write_photo(photo(), folder / "lat\xe9n").string();
    int list[2];
    REQUIRE(::pipe(list) == 0);
    const std::string line = "k\xe9\t" + file + "\n";
    REQUIRE(::write(list[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()));
    ::close(list[1]);
    ExplainOptions options;
    options.into = folder / "maps";
    options.photos.keys = true;
    options.photos.input = list[0];
    CHECK(run(options, {"-"}).exit_code == ExitCode::done);
    ::close(list[0]);
    const Json reasons = read_json(options.into / "lat\xe9n.json");
    CHECK(reasons["id"] == "k%e9");
    CHECK(reasons["path"] == (folder / "lat%e9n.png").string());
}

TEST_CASE("explain with a profile shows what this person sees differently", "[explain_command]") {
    const test::TemporaryFolder folder;
    const std::string file = test::write_photo(photo(), folder / "beach").string();
    ExplainOptions options;
    options.into = folder / "maps";
    options.scorer.user = folder / "me.pt";
    options.scorer.prior = folder / "prior.safetensors";
    write_person(options.scorer.user, options.scorer.prior);
    const Run result = run(options, {file});
    CHECK(result.err.empty());
    CHECK(result.exit_code == ExitCode::done);
    for (const char* kind : {"generic", "personal", "difference", "sheet"})
        CHECK(fs::exists(options.into / ("beach." + std::string(kind) + ".png")));
    const Json taste = read_json(options.into / "beach.json")["taste"];
    CHECK_THAT(taste["places"].front()["place"].get<std::string>(), ContainsSubstring("left"));
    CHECK_THAT(result.out, ContainsSubstring("for this person"));
}

TEST_CASE("explain adds a map made in another way", "[explain_command]") {
    const test::TemporaryFolder folder;
    const std::string file = test::write_photo(photo(), folder / "beach").string();
    ExplainOptions options;
    options.into = folder / "maps";
    options.method = MapMethod::occlusion;
    CHECK(run(options, {file}).exit_code == ExitCode::done);
    const Image overlay = read_full_image(options.into / "beach.occlusion.png");
    const int left = (overlay.width() - 120) / 2;
    const auto* bright = overlay.at(left + 117, 40);
    CHECK(bright[0] >= bright[2]);
    // It is painted beside the generic map and differs from it.
    CHECK(test::read_bytes(options.into / "beach.occlusion.png") !=
          test::read_bytes(options.into / "beach.generic.png"));
    const Image sheet = read_full_image(options.into / "beach.sheet.png");
    options.method = MapMethod::activation;
    options.overwrite = true;
    run(options, {file});
    CHECK(read_full_image(options.into / "beach.sheet.png").width() < sheet.width());
}

TEST_CASE("photos of one name get files of their own, the same bytes each time", "[explain_command]") {
    const test::TemporaryFolder folder;
    fs::create_directories(folder / "a");
    fs::create_directories(folder / "b");
    test::write_photo(photo(), folder / "a/beach");
    test::write_photo(test::disc({90, 60}, 0.5, 0.5, 0.3, {30, 60, 90}, {250, 240, 200}), folder / "b/beach");
    ExplainOptions options;
    options.into = folder / "maps";
    options.fit_colours = true;
    CHECK(run(options, {(folder / "a").string(), (folder / "b").string()}).exit_code == ExitCode::done);
    const auto sheet = test::read_bytes(options.into / "beach-2.sheet.png");
    CHECK(read_json(options.into / "beach-2.json")["path"] == (folder / "b/beach.png").string());
    // What is there stays, unless asked otherwise.
    const Run again = run(options, {(folder / "a").string()});
    CHECK(again.exit_code == some_files_failed);
    CHECK_THAT(again.err, ContainsSubstring("beach.json: is there already"));
    options.overwrite = true;
    options.photos.jobs = 1;
    CHECK(run(options, {(folder / "a").string(), (folder / "b").string()}).exit_code == ExitCode::done);
    CHECK(test::read_bytes(options.into / "beach-2.sheet.png") == sheet);
}

TEST_CASE("photos with the longest names get files of names that fit", "[explain_command]") {
    const test::TemporaryFolder folder;
    std::string stem;
    for (int i = 0; i < 125; ++i) stem += "\u00e9";
    fs::create_directory(folder / "in");
    for (const char* last : {"a", "b"})
        test::write_photo(photo(), folder / ("in/" + stem + last), {.suffix = ".jpg"});
    ExplainOptions options;
    options.into = folder / "maps";
    const Run result = run(options, {(folder / "in").string()});
    INFO(result.err);
    CHECK(result.exit_code == ExitCode::done);
    std::set<std::string> photos;
    for (const auto& entry : fs::directory_iterator(options.into)) {
        const std::string name = entry.path().filename().string();
        CHECK(is_utf8(name));
        if (name.ends_with(".json")) photos.insert(read_json(entry.path())["path"].get<std::string>());
    }
    CHECK(photos.size() == 2);
}

TEST_CASE("explain mixes its pictures with no photos", "[explain_command]") {
    const test::TemporaryFolder folder;
    fs::create_directory(folder / "photos");
    test::write_photo(photo(), folder / "photos/beach");
    const std::string photos = (folder / "photos").string();
    ExplainOptions options;
    for (const fs::path& into : {folder / "photos", folder / "photos/maps", folder.path()}) {
        options.into = into;
        const Run result = run(options, {photos});
        CHECK(result.exit_code == cannot_start);
        CHECK_THAT(result.err, ContainsSubstring("should be a folder apart"));
    }
    CHECK(fs::exists(folder / "photos/beach.png"));
}

TEST_CASE("explain names what it cannot do and does the rest", "[explain_command]") {
    const test::TemporaryFolder folder;
    const std::string good = test::write_photo(photo(), folder / "good").string();
    const std::string bad = (folder / "bad.jpg").string();
    test::write_bytes(bad, "no picture");
    ExplainOptions options;
    options.into = folder / "maps";
    const Run result = run(options, {good, bad});
    CHECK(result.exit_code == some_files_failed);
    CHECK_THAT(result.err, ContainsSubstring("bad.jpg"));
    CHECK(fs::exists(options.into / "good.sheet.png"));

    CHECK_FALSE(fs::exists(options.into / "bad.json"));

    // Programs find a file for each photo then.
    options.photos.failed_ok = true;
    options.overwrite = true;
    CHECK(run(options, {good, bad}).exit_code == done);
    const Json failure = read_json(options.into / "bad.json"),
               success = read_json(options.into / "good.json");
    CHECK_THAT(failure["error"].get<std::string>(), ContainsSubstring("bad.jpg: "));
    CHECK(failure["path"] == bad);
    CHECK(failure["model_hash"] == success["model_hash"]);
    CHECK(success["error"] == "");
    options.overwrite = false;
    CHECK(run(options, {bad}).exit_code == some_files_failed);  // the file is there already

    options.scorer.user = folder / "missing.pt";
    CHECK(run(options, {good}).exit_code == cannot_start);
    options.scorer.user = bad;
    CHECK(run(options, {good}).exit_code == cannot_start);
    options.scorer.user.clear();
    options.into = fs::path(good) / "below";
    CHECK(run(options, {good}).exit_code == cannot_start);
}

TEST_CASE("of a photo that fails now explain leaves nothing of before, where it may overwrite",
          "[explain_command]") {
    const test::TemporaryFolder folder;
    const fs::path beach = test::write_photo(photo(), folder / "beach");
    ExplainOptions options;
    options.into = folder / "maps";
    options.method = MapMethod::occlusion;
    CHECK(run(options, {beach.string()}).exit_code == done);
    test::write_bytes(options.into / "beach.note.txt", "anybody's");
    test::write_bytes(beach, "no picture");
    options.method = MapMethod::activation;
    options.photos.failed_ok = true;
    fs::remove(options.into / "beach.json");
    CHECK(run(options, {beach.string()}).exit_code == some_files_failed);
    CHECK(fs::exists(options.into / "beach.sheet.png"));
    options.overwrite = true;
    CHECK(run(options, {beach.string()}).exit_code == done);
    std::set<std::string> left;
    for (const auto& entry : fs::directory_iterator(options.into))
        left.insert(entry.path().filename().string());
    CHECK(left == std::set<std::string>{"beach.json", "beach.note.txt"});
    // A path that is not there is a mistake of the command line.
    CHECK(run(options, {(folder / "nothere.jpg").string()}).exit_code == some_files_failed);
    CHECK_FALSE(fs::exists(options.into / "nothere.json"));
}

TEST_CASE("lines that name no file get a name by their number", "[explain_command]") {
    const test::TemporaryFolder folder;
    test::write_bytes(folder / "list", "/\n..\n.\na/\nnothere.jpg\n");
    const Descriptor input(::open((folder / "list").c_str(), O_RDONLY | O_CLOEXEC));
    ExplainOptions options;
    options.into = folder / "maps";
    options.photos.input = input;
    options.photos.failed_ok = true;
    CHECK(run(options, {"-"}).exit_code == done);
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(options.into))
        names.insert(entry.path().filename().string());
    CHECK(names ==
          std::set<std::string>{"line-1.json", "line-2.json", "line-3.json", "line-4.json", "nothere.json"});
}
