#include "service/teaching.h"

#include <algorithm>
#include <csignal>
#include <set>
#include <span>
#include <string>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/child_process.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/python_program.h"
#include "support/temporary_folder.h"

using namespace piaa;
using piaa::test::id_of;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

/// Thirty photos from dark to light that the tiny model looked at, and somebody who likes the dark.
struct Album {
    test::TemporaryFolder folder;
    test::DarkTaste taste = test::write_dark_taste(folder.path());
    Prior prior = load_prior(taste.prior);
    std::vector<LessonPhoto> photos;

    Album() {
        const Model model = test::tiny_model();
        for (int i = 0; i < 30; ++i) {
            const Image image = test::photo_of(35 + 6 * i);
            const Features features = extract_features(model, std::span(&image, 1)).front();
            photos.push_back({"photo " + std::to_string(i), id_of(i), feature_row(model, prior, features)});
        }
    }

    Teaching begin() const {
        return Teaching(Lesson(PersonalModel(test::tiny_model(), load_profile(taste.profile), taste.profile,
                                             std::make_shared<const Prior>(prior)),
                               taste.profile, prior, photos));
    }
    UserProfile profile() const { return load_profile(taste.profile); }
};

std::vector<std::size_t> asked(const Teaching& teaching, const std::string& mode) {
    return teaching.state(mode)["question"].get<std::vector<std::size_t>>();
}

}  // namespace

TEST_CASE("every answer is in the profile's file at once, and undo takes it out again", "[teach]") {
    const Album lesson;
    Teaching teaching = lesson.begin();
    const UserProfile before = lesson.profile();
    const auto mode = GENERATE(as<std::string>{}, "pairs", "orders", "stars");
    const auto question = asked(teaching, mode);
    REQUIRE(question.size() == (mode == "pairs" ? 2 : mode == "orders" ? 5 : 1));

    teaching.answer(mode, question, 4);
    const UserProfile after = lesson.profile();
    CHECK(after.events().size() == before.events().size() + (mode == "orders" ? 10 : 1));
    CHECK(after.learned() != before.learned());
    CHECK(asked(teaching, mode) != question);

    teaching.undo();
    CHECK(lesson.profile().events() == before.events());
    CHECK(lesson.profile().rows() == before.rows());
    CHECK(lesson.profile().learned() == before.learned());
    CHECK(asked(teaching, mode) == question);
    teaching.undo();  // there is nothing left
    CHECK(lesson.profile().events() == before.events());
}

TEST_CASE("answers turn a person's ranking round", "[teach]") {
    const Album lesson;
    Teaching teaching = lesson.begin();
    // Photos are numbered from dark to light; the profile likes the dark, the answers the light.
    CHECK(teaching.state("pairs")["you"][0]["photo"] < 5);
    CHECK(teaching.state("pairs")["everyone"][0]["photo"] > 20);
    for (int i = 0; i < 40; ++i) {
        auto pair = asked(teaching, "pairs");
        if (pair.empty()) break;
        teaching.answer("pairs", {std::max(pair[0], pair[1]), std::min(pair[0], pair[1])}, 0);
    }
    for (int i = 0; i < 10; ++i) {
        const auto photo = asked(teaching, "stars");
        teaching.answer("stars", photo, 1 + static_cast<int>(photo[0]) / 6);
    }
    const Json state = teaching.state("stars");
    CHECK(state["you"][0]["photo"] > 20);
    CHECK(state["trust"] > 0);
    CHECK(state["compared"] > 0);
    CHECK(state["foreseen"] <= state["compared"]);
    CHECK_FALSE(state["surprises"].empty());
}

TEST_CASE("no pair is asked twice, answered or skipped", "[teach]") {
    const Album lesson;
    Teaching teaching = lesson.begin();
    std::set<std::set<std::size_t>> seen;
    for (int i = 0; i < 25; ++i) {
        const auto pair = asked(teaching, "pairs");
        REQUIRE(pair.size() == 2);
        CHECK(seen.insert({pair[0], pair[1]}).second);
        if (i % 2 == 0)
            teaching.answer("pairs", pair, 0);
        else
            teaching.skip("pairs", pair);
    }
}

TEST_CASE("a question is answered once, until it is taken back", "[teach]") {
    const Album lesson;
    Teaching teaching = lesson.begin();
    const auto mode = GENERATE(as<std::string>{}, "pairs", "orders", "stars");
    auto question = asked(teaching, mode);
    teaching.answer(mode, question, 4);
    const UserProfile after = lesson.profile();
    std::reverse(question.begin(), question.end());
    CHECK_THROWS_WITH(teaching.answer(mode, question, 1), ContainsSubstring("answered already"));
    CHECK(lesson.profile() == after);
    teaching.undo();
    CHECK_NOTHROW(teaching.answer(mode, question, 1));
}

TEST_CASE("what another program adds to the profile meanwhile stays", "[teach]") {
    const Album lesson;
    Teaching teaching = lesson.begin();
    UserProfile other = lesson.profile();
    other.add({FeedbackKind::rating, test::photo_id(3), "", 0.75, 1'790'000'100});
    save_profile(lesson.taste.profile, other);
    teaching.answer("pairs", asked(teaching, "pairs"), 0);
    CHECK(lesson.profile().events().size() == other.events().size() + 1);
    teaching.undo();
    CHECK(lesson.profile().events() == other.events());
}

TEST_CASE("what is no answer is refused and changes nothing", "[teach]") {
    const Album lesson;
    Teaching teaching = lesson.begin();
    const std::string before = profile_hash(lesson.profile());
    CHECK_THROWS_AS(teaching.answer("pairs", {1, 1}, 0), Error);
    CHECK_THROWS_AS(teaching.answer("pairs", {1}, 0), Error);
    CHECK_THROWS_AS(teaching.answer("pairs", {}, 0), Error);
    CHECK_THROWS_AS(teaching.answer("orders", {1, 2, 3, 4, 99}, 0), Error);
    CHECK_THROWS_AS(teaching.answer("stars", {1}, 6), Error);
    CHECK_THROWS_AS(teaching.answer("moods", {1}, 5), Error);
    CHECK_THROWS_AS(teaching.state("moods"), Error);
    CHECK(profile_hash(lesson.profile()) == before);
}

TEST_CASE("a person teaches in Chromium by keys, clicks and drags", "[teach][browser]") {
    const Album lesson;
    const fs::path photos = lesson.folder / "photos";
    fs::create_directory(photos);
    for (int i = 0; i < 12; ++i)
        test::write_photo(test::photo_of(40 + 15 * i),
                          photos / ("<img src=x onerror=smuggled=1> " + std::to_string(i)));
    const std::size_t before = lesson.profile().events().size();
    test::ChildProcess program({PIAA_BATCH, "teach", photos.string(), "--user", lesson.taste.profile.string(),
                                "--prior", lesson.taste.prior.string(), "--model",
                                test::tiny_model().info().file.string(), "--device", "cpu", "--quiet"});
    const std::string address = program.read_line();
    REQUIRE(address.starts_with("http://127.0.0.1:"));
    if (!test::run_python("teach_in_browser.py " + address)) return;
    // The script answered two pairs, one order of five and one photo by stars, and took another pair back.
    CHECK(lesson.profile().events().size() == before + 2 + 10 + 1);

    // Nobody gets in who does not know the whole address.
    const std::string outside = address.substr(0, address.find('/', 8)) + "/state?mode=pairs";
    const auto answer =
        test::ChildProcess({"/usr/bin/curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", outside}).wait();
    CHECK(answer.output == "404");
    program.send(SIGINT);
    CHECK(program.wait().exit_code == 0);
}
