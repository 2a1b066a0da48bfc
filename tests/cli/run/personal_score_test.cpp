#include <cstdlib>
#include <sstream>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <piaa/stars.h>

#include "commands/profile_command.h"
#include "commands/score_command.h"
#include "console/exit_code.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

/// A dark and a bright photo, and somebody who likes the dark.
struct DarkRoom {
    DarkRoom() : taste(test::write_dark_taste(folder.path())) {
        boost::filesystem::create_directory(folder / "photos");
        test::write_photo(test::photo_of(60), folder / "photos/dark");
        test::write_photo(test::photo_of(200), folder / "photos/light");
        options.photos.paths = {(folder / "photos").string()};
        options.photos.quiet = true;
        options.scorer = {.model = test::tiny_model().info().file.string(),
                          .device = "cpu",
                          .user = taste.profile,
                          .prior = taste.prior};
    }

    int score() { return run_score(options, out, err); }

    test::TemporaryFolder folder;
    test::DarkTaste taste;
    ScoreOptions options;
    std::ostringstream out, err;
};

}  // namespace

TEST_CASE("with a profile, score gives the personal and the generic score side by side", "[personal]") {
    DarkRoom room;
    room.options.format = ReportFormat::json;
    REQUIRE(room.score() == cli::done);
    const Json records = Json::parse(room.out.str());
    REQUIRE(records.size() == 2);
    const Json &dark = records[0], &light = records[1];
    CHECK(dark["generic"] < light["generic"]);
    CHECK(dark["score"] > light["score"]);
    CHECK(dark["trust"] > 0.5);
    CHECK(dark["profile_hash"] == profile_hash(load_profile(room.taste.profile)));
}

TEST_CASE("with a profile, CSV has the columns generic and trust", "[personal]") {
    DarkRoom room;
    REQUIRE(room.score() == cli::done);
    CHECK(room.out.str().starts_with("path,score,generic,trust,spread,stars,flags\n"));
}

TEST_CASE("a profile selects its own model among those installed", "[personal]") {
    DarkRoom room;
    test::write_tiny_data_folder(room.folder / "data");
    ::setenv("PIAA_DATA_DIR", (room.folder / "data").c_str(), 1);
    room.options.scorer.model.clear();
    CHECK(room.score() == cli::done);

    save_profile(room.taste.profile, UserProfile({"lite", std::string(64, '7'), "tiny-1"}));
    CHECK(room.score() == cannot_start);
    ::unsetenv("PIAA_DATA_DIR");
    INFO(room.err.str());
    CHECK(
        room.err.str().find("me.pt: profile was learned on model lite (77777777), which is not installed") !=
        std::string::npos);
    CHECK(room.err.str().find("\"piaa-batch adapt --migrate PROFILE --images FOLDER\"") != std::string::npos);
}

TEST_CASE("a profile of another model is refused", "[personal]") {
    DarkRoom room;
    save_profile(room.taste.profile, UserProfile({"lite", std::string(64, '7'), "tiny-1"}));
    CHECK(room.score() == cannot_start);
    CHECK(room.err.str().find("adapt --migrate") != std::string::npos);
}

TEST_CASE("of a model and a profile that do not belong together, the one that comes later gives way",
          "[personal]") {
    DarkRoom room;
    test::write_tiny_data_folder(room.folder / "data");
    boost::filesystem::create_directories(room.folder / "piaa");
    // The same network under another hash.
    const auto other = room.folder / "other.safetensors";
    std::string bytes = test::read_bytes(test::tiny_model().info().file);
    const std::string description = "likes brightness";
    test::write_bytes(other, bytes.replace(bytes.find(description), description.size(), "likes Brightness"));
    const auto ending = [&](const std::string& settings, std::vector<std::string> arguments) {
        test::write_bytes(room.folder / "piaa/piaa.toml", settings);
        if (!arguments.empty() && arguments.front() == "adapt")
            arguments.insert(arguments.begin(), PIAA_BATCH);
        else
            arguments.insert(arguments.begin(), {PIAA_BATCH, "score", (room.folder / "photos").string()});
        arguments.insert(arguments.end(), {"--prior", room.taste.prior.string()});
        return test::ChildProcess(arguments, {{"XDG_CONFIG_HOME", room.folder.path().string()},
                                              {"PIAA_DATA_DIR", (room.folder / "data").string()}})
            .wait();
    };
    const auto setting = [](const std::string& name, const boost::filesystem::path& file) {
        return name + " = \"" + file.string() + "\"\n";
    };
    const std::string me = room.taste.profile.string(), tiny = test::tiny_model().info().file.string();
    const std::string personal = "path,score,generic,", everybody = "path,score,spread,";
    CHECK(ending(setting("model", other), {"--user", me}).output.starts_with(personal));
    CHECK(ending(setting("user", me), {"--model", other.string()}).output.starts_with(everybody));
    // What goes together holds, and what comes from one place has to.
    CHECK(ending(setting("user", me), {"--model", tiny}).output.starts_with(personal));
    CHECK(ending(setting("model", tiny), {"--user", me}).output.starts_with(personal));
    CHECK(ending("", {"--user", me, "--model", other.string()}).exit_code == cannot_start);
    CHECK(ending(setting("user", me) + setting("model", other), {}).exit_code == cannot_start);
    // The section of the command comes before what stands above it.
    CHECK(ending(setting("user", me) + "[score]\n" + setting("model", other), {})
              .output.starts_with(everybody));
    CHECK(
        ending(setting("model", other) + "[score]\n" + setting("user", me), {}).output.starts_with(personal));
    const std::string shown = ending(setting("model", other), {"--user", me, "--print-config"}).output;
    CHECK(shown.find("\nuser = ") != std::string::npos);
    CHECK(shown.find("\nmodel = ") == std::string::npos);
    CHECK(ending(setting("model", other), {"adapt", "--update", me}).exit_code == done);
    CHECK(ending("", {"adapt", "--update", me, "--model", other.string()}).exit_code == cannot_start);
    // A profile that is no use is told still.
    save_profile(room.taste.profile, UserProfile(test::tiny_model().info()));
    CHECK(ending(setting("user", me), {"--model", tiny}).exit_code == cannot_start);
}

TEST_CASE("a profile that has learned nothing, or is damaged, is refused before the first photo",
          "[personal]") {
    DarkRoom room;
    const auto& info = test::tiny_model().info();
    save_profile(room.taste.profile, UserProfile(info));
    CHECK(room.score() == cannot_start);
    CHECK(room.err.str().find("me.pt: profile has learned nothing yet") != std::string::npos);
    test::write_bytes(room.taste.profile, "PK");
    CHECK(room.score() == cannot_start);
    CHECK(room.out.str().empty());
}

TEST_CASE("stars follow the scores that were asked for, or that the profile keeps", "[personal]") {
    DarkRoom room;
    room.options.format = ReportFormat::json;
    const auto stars = [&](const char* photo) {
        room.out.str("");
        REQUIRE(room.score() == cli::done);
        for (const Json& row : Json::parse(room.out.str()))
            if (row["path"].get<std::string>().find(photo) != std::string::npos)
                return row["stars"].get<int>();
        return 0;
    };
    const int before = stars("dark");
    room.options.stars.at = StarThresholds{1, 1, 1, 1};
    CHECK(stars("dark") == 5);
    room.options.stars.at = StarThresholds{11, 11, 11, 11};
    CHECK(stars("dark") == 1);
    room.options.stars.at.reset();

    UserProfile profile = load_profile(room.taste.profile);
    set_star_thresholds(profile, StarThresholds{11, 11, 11, 11});
    save_profile(room.taste.profile, profile);
    CHECK(stars("dark") == 1);
    set_star_thresholds(profile, std::nullopt);
    save_profile(room.taste.profile, profile);
    CHECK(stars("dark") == before);
}

TEST_CASE("stars like mine need a person who rated enough", "[personal]") {
    DarkRoom room;
    room.options.stars.like_mine = true;
    CHECK(room.score() == cli::done);
    room.options.scorer.user.clear();
    room.options.scorer.prior.clear();
    CHECK(room.score() != cli::done);
    CHECK(room.err.str().find("--stars-like-mine needs a person's profile") != std::string::npos);
}

TEST_CASE("profile show says in words what was learned and from what", "[personal]") {
    DarkRoom room;
    ProfileOptions options{.file = room.taste.profile,
                           .model = room.options.scorer.model,
                           .prior = room.taste.prior,
                           .json = false};
    REQUIRE(run_profile(options, room.out, room.err) == cli::done);
    const std::string text = room.out.str();
    INFO(text);
    CHECK(text.find("Learned from 25 ratings of 25 photos, on 2026-09-21.") != std::string::npos);
    CHECK(text.find("agrees with this person by") != std::string::npos);
    CHECK(text.find("Likes more than others do: ") != std::string::npos);
    CHECK(text.find("dark photos (+") != std::string::npos);
    CHECK(text.find("bright photos") == std::string::npos);
    CHECK(text.find("Base model: tiny") != std::string::npos);
}

TEST_CASE("profile show gives machines all of it", "[personal]") {
    DarkRoom room;
    REQUIRE(run_profile({.file = room.taste.profile, .model = "", .prior = room.taste.prior, .json = true},
                        room.out, room.err) == cli::done);
    const Json json = Json::parse(room.out.str());
    CHECK(json["ratings"] == 25);
    CHECK(json["method"] == "auto");
    CHECK(json["agreement"]["value"] > 0.8);
    CHECK(json["likes"].size() > 0);
}

TEST_CASE("profile show tells what it can when the model is not there", "[personal]") {
    DarkRoom room;
    REQUIRE(run_profile({.file = room.taste.profile, .model = "", .prior = {}, .json = false}, room.out,
                        room.err) == cli::done);
    CHECK(room.out.str().find("Learned from 25 ratings") != std::string::npos);
    CHECK(room.err.str().find("what this person likes cannot be told") != std::string::npos);
    CHECK(run_profile({.file = "nowhere.pt", .model = "", .prior = {}, .json = false}, room.out, room.err) ==
          cannot_start);
}

TEST_CASE("each line of a list may look with another person's eye", "[personal]") {
    DarkRoom room;
    REQUIRE(room.score() == cli::done);
    int list[2];
    REQUIRE(::pipe(list) == 0);
    const std::string photo = (room.folder / "photos/dark.png").string();
    for (const std::string& line : {Json{{"path", photo}, {"profile", room.taste.profile.string()}}.dump(),
                                    Json{{"path", photo}}.dump()}) {
        REQUIRE(::write(list[1], (line + "\n").data(), line.size() + 1) ==
                static_cast<ssize_t>(line.size() + 1));
    }
    ::close(list[1]);
    room.options.photos.paths = {"-"};
    room.options.photos.input = list[0];
    room.options.scorer.user.clear();
    room.options.format = ReportFormat::jsonl;
    room.out.str("");
    CHECK(room.score() == cli::done);
    ::close(list[0]);
    std::istringstream lines(room.out.str());
    std::string line;
    REQUIRE(std::getline(lines, line));
    const Json personal = Json::parse(line);
    REQUIRE(std::getline(lines, line));
    const Json generic = Json::parse(line);
    CHECK(personal["score"] > generic["score"]);
    CHECK(personal["generic"] == generic["score"]);
    CHECK(personal["profile_hash"] == profile_hash(load_profile(room.taste.profile)));
    CHECK(generic["profile_hash"] == "");
}
