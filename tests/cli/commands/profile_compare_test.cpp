// Two people over the same photos, and a profile that is given away.
#include "commands/profile_compare.h"

#include <cmath>
#include <sstream>
#include <string>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "commands/profile_command.h"
#include "commands/score_command.h"
#include "console/exit_code.h"
#include "support/catch.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

/// Somebody who likes the dark, somebody who likes the light, and photos of both.
struct Couple {
    Couple() : dark(test::write_dark_taste(folder.path())), light(folder / "light.pt") {
        boost::filesystem::create_directory(folder / "photos");
        for (const int grey : {40, 90, 130, 170, 220})
            test::write_photo(test::photo_of(grey), folder / ("photos/grey" + std::to_string(grey)));
        UserProfile profile = load_profile(dark.profile);
        const auto events = profile.events();
        for (Feedback event : events) {
            profile.remove(event);
            const auto row = load_profile(dark.profile).rows().at(event.photo);
            event.value = 1 - event.value;
            profile.set_row(event.photo, row);
            profile.add(event);
        }
        save_profile(light, adapt(load_prior(dark.prior), profile));
        options.first = dark.profile;
        options.second = light;
        options.images = folder / "photos";
        options.prior = dark.prior;
        options.model = test::tiny_model().info().file.string();
        options.device = "cpu";
        options.top = 2;
        options.json = true;
        options.quiet = true;
    }

    test::TemporaryFolder folder;
    test::DarkTaste dark;
    boost::filesystem::path light;
    ProfileCompareOptions options;
    std::ostringstream out, err;
};

}  // namespace

TEST_CASE("two people are compared by what they like and on the photos they disagree on", "[compare]") {
    Couple couple;
    REQUIRE(run_profile_compare(couple.options, couple.out, couple.err) == cli::done);
    const Json said = Json::parse(couple.out.str());
    CHECK(said["photos"] == 5);
    CHECK(said["agreement"] < -0.8);
    REQUIRE(said["disagreements"].size() == 2);
    const Json& most = said["disagreements"][0];
    const bool extreme = most["path"].get<std::string>().find("grey40") != std::string::npos ||
                         most["path"].get<std::string>().find("grey220") != std::string::npos;
    CHECK(extreme);
    CHECK(std::abs(most["difference"].get<double>()) >=
          std::abs(said["disagreements"][1]["difference"].get<double>()));

    couple.options.json = false;
    couple.out.str("");
    REQUIRE(run_profile_compare(couple.options, couple.out, couple.err) == cli::done);
    INFO(couple.out.str());
    CHECK_THAT(couple.out.str(),
               ContainsSubstring("me.pt likes more than light.pt: ") && ContainsSubstring("dark photos (+"));
    CHECK_THAT(couple.out.str(), ContainsSubstring("They disagree most on") &&
                                     ContainsSubstring(", in " + couple.options.images.string() + ":\n") &&
                                     ContainsSubstring("  grey"));
}

TEST_CASE("a person agrees with themselves", "[compare]") {
    Couple couple;
    couple.options.second = couple.options.first;
    REQUIRE(run_profile_compare(couple.options, couple.out, couple.err) == cli::done);
    const Json said = Json::parse(couple.out.str());
    CHECK(said["agreement"].get<double>() == Approx(1));
    CHECK(said["disagreements"][0]["difference"] == 0);
    for (const Json& taste : said["tastes"]) CHECK(taste["clear"] == false);
}

TEST_CASE("a profile of another model, and a folder without photos, are refused", "[compare]") {
    Couple couple;
    boost::filesystem::create_directory(couple.folder / "empty");
    couple.options.images = couple.folder / "empty";
    CHECK(run_profile_compare(couple.options, couple.out, couple.err) != cli::done);
    CHECK_THAT(couple.err.str(), ContainsSubstring("holds 0 photos that can be compared"));
    save_profile(couple.light, UserProfile({"other", std::string(64, '7'), "tiny-1"}));
    CHECK(run_profile_compare(couple.options, couple.out, couple.err) == cannot_start);
}

TEST_CASE("an exported profile scores alike and says what it dropped", "[compare]") {
    Couple couple;
    ProfileOptions give;
    give.file = couple.dark.profile;
    give.anonymous = true;
    give.output = couple.folder / "given.pt";
    REQUIRE(run_profile(give, couple.out, couple.err) == cli::done);
    CHECK_THAT(couple.err.str(), ContainsSubstring("dropped the content ids of 25 photos"));
    const auto scores = [&](const boost::filesystem::path& user) {
        ScoreOptions options;
        options.photos.paths = {(couple.folder / "photos").string()};
        options.photos.quiet = true;
        options.scorer = {
            .model = couple.options.model, .device = "cpu", .user = user, .prior = couple.dark.prior};
        std::ostringstream rows, err;
        REQUIRE(run_score(options, rows, err) == cli::done);
        return rows.str();
    };
    CHECK(scores(give.output) == scores(couple.dark.profile));

    // Over an export of the same profile, and nothing else.
    CHECK(run_profile(give, couple.out, couple.err) == cli::done);
    boost::filesystem::copy_file(give.file, couple.folder / "copy.pt");
    for (const auto& taken : {give.file, couple.folder / "copy.pt", couple.light}) {
        CAPTURE(taken);
        give.output = taken;
        const std::string before = test::read_bytes(taken);
        CHECK(run_profile(give, couple.out, couple.err) == bad_usage);
        CHECK(test::read_bytes(taken) == before);
    }
    CHECK_THAT(couple.err.str(),
               ContainsSubstring("copy.pt: would lose 25 of its 25 opinions; name another"));
    give.output = couple.folder / "notes.txt";
    test::write_bytes(give.output, "notes");
    CHECK(run_profile(give, couple.out, couple.err) == cannot_start);
    CHECK(test::read_bytes(give.output) == "notes");
}
