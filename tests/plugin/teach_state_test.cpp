#include "actions/teach_state.h"

#include <algorithm>

#include <boost/filesystem/operations.hpp>

#include "actions/profiles.h"
#include "fake_host.h"
#include "installed_tiny_model.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "window.h"

using namespace piaa;
using namespace piaa::plugin;

namespace {

/// A disc on another ground and at another place for each number.
Image disc_at(int number) {
    const int grey = 30 + 22 * number;
    return test::disc({240, 160}, 0.15 + 0.09 * number, number % 2 == 0 ? 0.3 : 0.7, 0.12, {grey, grey, grey},
                      {250 - grey, 240 - grey / 2, 230});
}

/// GIMP with one photo in the dialog and others open beside it.
struct Screen {
    explicit Screen(int others = 7, const boost::filesystem::path& profile = {})
        : host(disc_at(8)), window(host, settings_of(profile)) {
        for (int i = 0; i < others; ++i) host.others.push_back(disc_at(i));
        REQUIRE(window.settle());
    }
    static Settings settings_of(const boost::filesystem::path& profile) {
        Settings settings;
        settings.profile = profile;
        return settings;
    }
    bool asked(const TeachState& teach) {
        return window.settle([&] { return teach.asks() || !teach.problem_text().empty(); }) && teach.asks();
    }

    const test::InstalledTinyModel installed;
    test::FakeHost host;
    test::Window window;
};

double brightness(const Image& image) {
    double sum = 0;
    for (const std::uint8_t value : image.pixels()) sum += value;
    return sum / static_cast<double>(image.pixels().size());
}

}  // namespace

TEST_CASE("each answer is in the profile before the next question, and undo takes it out", "[plugin]") {
    Screen screen;
    TeachState teach(screen.window.state, screen.host, [] {});
    REQUIRE(screen.asked(teach));
    const auto first = teach.pictures();
    REQUIRE(first.size() == 2);
    CHECK_FALSE(boost::filesystem::exists(own_profile()));
    CHECK_FALSE(teach.can_undo());

    teach.prefer(1);
    REQUIRE(screen.asked(teach));
    UserProfile profile = load_profile(own_profile());
    REQUIRE(profile.events().size() == 1);
    CHECK(profile.events().front().kind == FeedbackKind::comparison);
    CHECK(profile.learned().method == "auto");
    CHECK(teach.pictures() != first);

    teach.undo();
    REQUIRE(screen.asked(teach));
    CHECK(load_profile(own_profile()).events().empty());
    CHECK(teach.pictures() == first);
    CHECK_FALSE(teach.can_undo());
}

TEST_CASE("the side that is preferred wins", "[plugin]") {
    Screen screen;
    TeachState teach(screen.window.state, screen.host, [] {});
    for (int i = 0; i < 12 && screen.asked(teach); ++i) {
        const auto pair = teach.pictures();
        teach.prefer(brightness(*pair[0]) < brightness(*pair[1]) ? 0 : 1);
    }
    REQUIRE(screen.asked(teach));
    CHECK(teach.trust() > 0);
    CHECK(teach.answers_text().starts_with("12 answers here; in me.pt: "));
    // The tiny model likes brightness; who prefers the dark is expected to by now.
    const UserProfile profile = load_profile(own_profile());
    const auto prior = std::make_shared<const Prior>(load_prior(load_model("lite")));
    std::size_t foretold = 0;
    for (const Feedback& event : profile.events())
        foretold += predict(*prior, profile, profile.rows().at(event.photo)).rating >
                    predict(*prior, profile, profile.rows().at(event.other)).rating;
    CHECK(foretold > profile.events().size() / 2);
}

TEST_CASE("an order of five is dragged and enters as its ten comparisons", "[plugin]") {
    Screen screen;
    TeachState teach(screen.window.state, screen.host, [] {});
    REQUIRE(screen.asked(teach));
    teach.choose(QuestionKind::order);
    REQUIRE(screen.asked(teach));
    auto order = teach.pictures();
    REQUIRE(order.size() == Lesson::order_length);
    teach.move(0, 3);
    std::rotate(order.begin(), order.begin() + 1, order.begin() + 4);
    CHECK(teach.pictures() == order);
    teach.take_order();
    REQUIRE(screen.asked(teach));
    const UserProfile profile = load_profile(own_profile());
    REQUIRE(profile.events().size() == 10);
    for (const Feedback& event : profile.events()) CHECK(event.value == 0.4);
}

TEST_CASE("each answer moves what is known, and says by how much", "[plugin]") {
    Screen screen;
    TeachState teach(screen.window.state, screen.host, [] {});
    REQUIRE(screen.asked(teach));
    CHECK(teach.trust() == 0);
    CHECK(teach.trust_text().find("just now") == std::string::npos);
    CHECK(teach.foreseen_text().find("first comparison") != std::string::npos);
    teach.prefer(0);
    REQUIRE(screen.asked(teach));
    const double after_one = teach.trust();
    CHECK(after_one > 0);
    CHECK(teach.trust_text().find("(+") != std::string::npos);
    CHECK(teach.foreseen_text().find("of 1 comparisons") != std::string::npos);
    teach.skip();  // moves nothing, so what the last answer did stays to be seen
    REQUIRE(screen.asked(teach));
    CHECK(teach.trust_text().find("(+") != std::string::npos);
    teach.undo();
    REQUIRE(screen.asked(teach));
    CHECK(teach.trust() < after_one);
    CHECK(teach.trust_text().find("(−") != std::string::npos);
    CHECK(teach.foreseen() == 0);
}

TEST_CASE("five pictures with stars give an agreement", "[plugin]") {
    Screen screen;
    TeachState teach(screen.window.state, screen.host, [] {});
    REQUIRE(screen.asked(teach));
    teach.choose(QuestionKind::stars);
    for (int stars = 1; stars <= 5; ++stars) {
        REQUIRE(screen.asked(teach));
        REQUIRE(teach.pictures().size() == 1);
        CHECK(teach.agreement_text().find("five ratings") != std::string::npos);
        teach.prefer(0);  // is no answer to this question
        teach.rate(stars);
    }
    REQUIRE(screen.asked(teach));
    CHECK(teach.agreement_text().find("against everyone's score") != std::string::npos);
    const UserProfile profile = load_profile(own_profile());
    REQUIRE(profile.events().size() == 5);
    for (const Feedback& event : profile.events()) CHECK(event.kind == FeedbackKind::rating);
}

TEST_CASE("what is skipped is not asked again, and changes no file", "[plugin]") {
    Screen screen;
    TeachState teach(screen.window.state, screen.host, [] {});
    std::vector<std::vector<const Image*>> seen;
    for (int i = 0; i < 5 && screen.asked(teach); ++i) {
        auto pair = teach.pictures();
        std::sort(pair.begin(), pair.end());
        CHECK(std::find(seen.begin(), seen.end(), pair) == seen.end());
        seen.push_back(pair);
        teach.skip();
    }
    CHECK(seen.size() == 5);
    CHECK_FALSE(boost::filesystem::exists(own_profile()));
}

TEST_CASE("after the lesson the dialog goes on with what was learned", "[plugin]") {
    Screen screen;
    DialogState& dialog = screen.window.state;
    CHECK_FALSE(dialog.has_profile());
    {
        TeachState teach(dialog, screen.host, [] {});
        for (int i = 0; i < 6 && screen.asked(teach); ++i) teach.prefer(0);
        REQUIRE(screen.asked(teach));
        teach.end();
    }
    REQUIRE(screen.window.settle([&] { return dialog.has_profile() && dialog.ready(); }));
    CHECK(dialog.settings().profile == own_profile());
    CHECK(dialog.settings().map == HeatmapKind::personal);
    CHECK(dialog.person_text().starts_with("0 ratings, 6 comparisons, trusted "));
}

TEST_CASE("a lesson can be closed while it looks at the pictures", "[plugin]") {
    Screen screen;
    {
        TeachState teach(screen.window.state, screen.host, [] {});
        screen.window.step();
        teach.end();
    }
    for (int i = 0; i < 50; ++i) screen.window.step();
    CHECK(screen.window.state.ready());
    CHECK_FALSE(boost::filesystem::exists(own_profile()));
}

TEST_CASE("a profile that learns from stars alone is not taught by comparisons", "[plugin]") {
    Screen screen;
    const auto file = screen.installed.profile();
    save_profile(file, adapt(load_prior(load_model("lite")), load_profile(file), {.method = "ridge"}));
    Settings settings = screen.window.state.settings();
    settings.profile = file;
    screen.window.state.change(settings);
    REQUIRE(screen.window.settle());
    TeachState teach(screen.window.state, screen.host, [] {});
    screen.asked(teach);
    CHECK_FALSE(teach.asks());
    CHECK(teach.problem_text().find("ridge") != std::string::npos);
}

TEST_CASE("an answer that cannot be stored is a message, and the question stays", "[plugin]") {
    Screen screen;
    DialogState& dialog = screen.window.state;
    {
        TeachState teach(dialog, screen.host, [] {});
        REQUIRE(screen.asked(teach));
        const auto pair = teach.pictures();
        boost::filesystem::create_directories(own_profile());  // a folder of that name
        teach.prefer(0);
        REQUIRE(screen.window.settle([&] { return !teach.problem_text().empty(); }));
        CHECK(teach.pictures() == pair);
        CHECK(teach.asks());
        teach.end();
    }
    for (int i = 0; i < 50; ++i) screen.window.step();
    CHECK(dialog.ready());
    CHECK_FALSE(dialog.has_profile());
}
