#include <span>

#include "actions/profiles.h"
#include "actions/session.h"
#include "installed_tiny_model.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;
using namespace piaa::plugin;

namespace {

Session looking_at(const Image& photo, const boost::filesystem::path& profile = {}) {
    Session session(photo.size());
    session.set_profile(profile);
    session.analyse(photo);
    return session;
}

}  // namespace

TEST_CASE("the first rating makes a profile that piaa-batch can go on with", "[plugin]") {
    const test::InstalledTinyModel installed;
    Session session = looking_at(test::photo_of(60));
    CHECK_FALSE(session.own_rating().has_value());
    REQUIRE(session.rate(5, own_profile()));
    CHECK(session.own_rating() == 5);
    CHECK(known_profiles() == std::vector{own_profile()});

    const UserProfile profile = load_profile(own_profile());
    REQUIRE(profile.events().size() == 1);
    CHECK(profile.events().front().value == 1);
    CHECK(profile.created > 0);
    CHECK(profile.learned().method == "auto");
    REQUIRE(session.person().is_personal());
    CHECK(session.person().file() == own_profile());
}

TEST_CASE("rating a photo again replaces what was said of it, also when another program decoded it",
          "[plugin]") {
    const test::InstalledTinyModel installed;
    const Image photo = test::disc({480, 320}, 0.6, 0.4, 0.2, {30, 60, 90}, {220, 200, 160});
    Session session = looking_at(photo);
    session.rate(2, own_profile());
    session.rate(4, own_profile());
    Session smaller = looking_at(resized(photo, {360, 240}));
    smaller.set_profile(own_profile());
    CHECK(smaller.own_rating() == 4);
    smaller.rate(1, own_profile());
    const UserProfile profile = load_profile(own_profile());
    REQUIRE(profile.events().size() == 1);
    CHECK(profile.events().front().value == 0);
    CHECK(profile.rows().size() == 1);
}

TEST_CASE("a rating moves the score, the map and leaves other ratings as they were", "[plugin]") {
    const test::InstalledTinyModel installed;
    const std::size_t before = load_profile(installed.profile()).events().size();
    Session session = looking_at(test::photo_of(230), installed.profile());
    const double score = session.score().score;
    const double mean = session.map(HeatmapKind::personal).total();
    session.rate(5, installed.profile());
    CHECK(session.score().score > score);
    CHECK(session.map(HeatmapKind::personal).total() > mean);
    CHECK(load_profile(installed.profile()).events().size() == before + 1);
}

TEST_CASE("ratings off the scale and profiles that cannot be read change no file", "[plugin]") {
    const test::InstalledTinyModel installed;
    Session session = looking_at(test::photo_of(60));
    CHECK_THROWS_AS(session.rate(0, own_profile()), Error);
    CHECK_THROWS_AS(session.rate(6, own_profile()), Error);
    CHECK_FALSE(boost::filesystem::exists(own_profile()));
    const auto damaged = installed.folder() / "data/models/manifest.json";
    const auto size = boost::filesystem::file_size(damaged);
    CHECK_THROWS_AS(session.rate(3, damaged), Error);
    CHECK(boost::filesystem::file_size(damaged) == size);
}

TEST_CASE("a person that cannot be loaded leaves the one before", "[plugin]") {
    const test::InstalledTinyModel installed;
    Session session = looking_at(test::photo_of(60), installed.profile());
    const double score = session.score().score;
    CHECK_THROWS_AS(session.set_profile(installed.folder() / "nobody.pt"), Error);
    CHECK(session.score().score == score);
    session.set_profile({});
    CHECK_FALSE(session.person().is_personal());
    CHECK(session.score().score == session.score().generic);
}

TEST_CASE("crops follow the person", "[plugin]") {
    const test::InstalledTinyModel installed;
    const Image photo = test::painted({240, 160}, [](int x, int) {
        return x < 120 ? test::Colour{30, 30, 30} : test::Colour{220, 220, 220};
    });
    Settings settings;
    settings.format = "1:1";
    const auto middle = [&](const Session& session) {
        const PixelBox box = session.crops(settings).crops.front().box;
        return box.x + box.width / 2;
    };
    CHECK(middle(looking_at(photo, installed.profile())) <= middle(looking_at(photo)));
}

TEST_CASE("a person who is not trusted yet gets everyone's crops", "[plugin]") {
    const test::InstalledTinyModel installed;
    const Image photo = test::disc({480, 320}, 0.7, 0.4, 0.12, {20, 30, 40}, {250, 240, 230});
    Session session = looking_at(photo);
    Settings settings;
    settings.format = "1:1";
    const auto boxes = [&] {
        std::vector<PixelBox> all;
        for (const CropCandidate& crop : session.crops(settings).crops) all.push_back(crop.box);
        return all;
    };
    const std::vector<PixelBox> everyones = boxes();
    REQUIRE(session.rate(3, own_profile()));  // one rating says nothing yet
    REQUIRE(session.score().trust == 0);
    CHECK(boxes() == everyones);
}

TEST_CASE("a rating is taken back as if it had never been", "[plugin]") {
    const test::InstalledTinyModel installed;
    const UserProfile before = load_profile(installed.profile());
    Session session = looking_at(test::photo_of(230), installed.profile());
    const double score = session.score().score;
    session.rate(5, installed.profile());
    session.take_rating_back();
    CHECK_FALSE(session.own_rating().has_value());
    CHECK(session.score().score == score);
    CHECK(load_profile(installed.profile()).events() == before.events());
    CHECK(load_profile(installed.profile()).rows() == before.rows());
    CHECK(load_profile(installed.profile()).learned() == before.learned());
}

TEST_CASE("a rating keeps the questionnaire's answers and the profile's own method", "[plugin]") {
    const test::InstalledTinyModel installed;
    UserProfile profile = load_profile(installed.profile());
    profile.set_traits(Traits{0.5, -0.25, 0, 1, -1});
    const Prior prior = load_prior(load_model("lite"));
    save_profile(installed.profile(), adapt(prior, profile, {.method = "ridge"}));
    Session session = looking_at(test::photo_of(230), installed.profile());
    session.rate(5, installed.profile());
    CHECK(load_profile(installed.profile()).traits() == profile.traits());
    CHECK(load_profile(installed.profile()).learned().method == "ridge");
}
