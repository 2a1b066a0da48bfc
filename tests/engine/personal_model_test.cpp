#include <csignal>
#include <cstdlib>
#include <random>
#include <span>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <piaa/piaa.h>

#include "support/catch.h"
#include "support/dark_taste.h"
#include "support/style_prior.h"
#include "support/temporary_folder.h"

using namespace piaa;

namespace {

/// The tiny model is what is installed, with a prior of each kind, and somebody likes the dark.
class Installed {
public:
    Installed() : taste_(test::write_dark_taste(folder_.path())) {
        test::write_tiny_data_folder(folder_ / "data");
        boost::filesystem::copy_file(taste_.prior, folder_ / "data/models/prior-lite.safetensors");
        for (const std::string kind : {"pa", "mt"})
            save_prior(folder_ / ("data/models/" + kind + "-lite.safetensors"), test::style_prior(kind));
        ::setenv("PIAA_DATA_DIR", (folder_ / "data").c_str(), 1);
    }
    ~Installed() { ::unsetenv("PIAA_DATA_DIR"); }

    const boost::filesystem::path& me() const { return taste_.profile; }
    boost::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

private:
    test::TemporaryFolder folder_;
    test::DarkTaste taste_;
};

Features seen(const Image& photo) {
    return extract_features(test::tiny_model(), std::span(&photo, 1), {.keep_maps = true}).front();
}

/// Pictures that nobody takes for one another.
Image pattern(int number) {
    return test::painted({96, 64}, [number](int x, int y) {
        const int value = ((3 + number) * x + (7 + 2 * number) * y) % 200;
        return test::Colour{value, value, 255 - value};
    });
}

}  // namespace

TEST_CASE("programs that rate at the same moment lose no rating", "[personal-model]") {
    const Installed installed;
    const std::size_t before = load_profile(installed.me()).events().size();
    constexpr int writers = 4;
    constexpr int each = 5;
    std::mt19937 random(1);
    std::vector<Features> photos;
    for (int i = 0; i < writers * each; ++i) {
        photos.push_back(seen(test::photo_of(120)));
        photos.back().content_id.clear();  // another one: unlike photos differ in half of their bits
        while (photos.back().content_id.size() < 64)
            photos.back().content_id += "0123456789abcdef"[random() % 16];
    }
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&, writer] {
            const PersonalModel person = load_personal_model({.user = installed.me()});
            for (int i = 0; i < each; ++i)
                person.updated(installed.me(), 1'800'000'000, [&](PersonalModel& next) {
                    next.rate(photos[writer * each + i], 0.5, 1'800'000'000);
                });
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(load_profile(installed.me()).events().size() == before + writers * each);
    CHECK_FALSE(boost::filesystem::exists(installed / ".me.pt.lock"));
}

TEST_CASE("who waits too long for a profile is told so, and a crash leaves no lock", "[personal-model]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "me.pt";
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const ProfileLock lock(file);
        if (::write(ready[1], "x", 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    char got = 0;
    REQUIRE(::read(ready[0], &got, 1) == 1);
    CHECK_THROWS_WITH(ProfileLock(file, std::chrono::milliseconds(50)),
                      ContainsSubstring("me.pt: another program is changing this profile"));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK_NOTHROW(ProfileLock(file, std::chrono::milliseconds(2000)));
    CHECK_THROWS_WITH(ProfileLock(folder / "nowhere/me.pt"),
                      ContainsSubstring("nowhere/me.pt: cannot be written"));
}

TEST_CASE("a rating keeps the questionnaire's answers", "[personal-model]") {
    const Installed installed;
    UserProfile profile = load_profile(installed.me());
    const Traits traits{0.5, -0.25, 0, 1, -1};
    profile.set_traits(traits);
    save_profile(installed.me(), profile);
    const PersonalModel person = load_personal_model({.user = installed.me()});
    const Features photo = seen(pattern(1));
    for (const double value : {1.0, 0.25})
        person.updated(installed.me(), 1'800'000'000,
                       [&](PersonalModel& next) { next.rate(photo, value, 0); });
    const UserProfile later = load_profile(installed.me());
    CHECK(later.traits() == traits);
    CHECK(later.events().size() == profile.events().size() + 1);
    CHECK(later.updated == 1'800'000'000);
}

TEST_CASE("a profile is learned again by its own method, with that method's prior", "[personal-model]") {
    const Installed installed;
    for (const std::string method : {"pa", "pa-image", "mt", "ridge", "auto"}) {
        INFO(method);
        const Model model = load_model("lite");
        const Prior prior = load_prior(model, method);
        UserProfile profile(model.info());
        for (int i = 0; i < 6; ++i) {
            const Features photo = seen(pattern(i));
            profile.set_row(photo.content_id, feature_row(model, prior, photo));
            profile.add({FeedbackKind::rating, photo.content_id, "", i / 5.0, 1});
        }
        const auto file = installed / (method + ".pt");
        save_profile(file, adapt(prior, profile, {.method = method}));

        const PersonalModel person = load_personal_model({.user = file});
        const Features photo = seen(pattern(9));
        CHECK_NOTHROW(person.score(photo));
        const PersonalModel next =
            person.updated(file, 2, [&](PersonalModel& changed) { changed.rate(photo, 1, 2); });
        CHECK(next.profile()->learned().method == method);
        CHECK(load_profile(file) == *next.profile());
        CHECK(next.provenance().profile_hash == profile_hash(load_profile(file)));
        CHECK(next.given(photo.content_id) == 1);
        // Somebody who starts from people in general goes on in the same way.
        const PersonalModel nobody = load_personal_model({});
        CHECK(nobody.updated(file, 3, [&](PersonalModel& changed) { changed.take_back(photo.content_id); })
                  .profile()
                  ->learned()
                  .method == method);
        CHECK(load_profile(file).events().size() == 6);
        CHECK(load_profile(file).rows().size() == 6);
    }
}

TEST_CASE("a change that fails leaves the file and its lock as they were", "[personal-model]") {
    const Installed installed;
    const UserProfile before = load_profile(installed.me());
    const PersonalModel person = load_personal_model({.user = installed.me()});
    CHECK_THROWS_AS(
        person.updated(installed.me(), 1, [&](PersonalModel& next) { next.rate(seen(pattern(1)), 7, 1); }),
        Error);
    CHECK(load_profile(installed.me()) == before);
    CHECK_NOTHROW(ProfileLock(installed.me(), std::chrono::milliseconds(0)));
    PersonalModel nobody = load_personal_model({});
    CHECK_FALSE(nobody.is_personal());
    CHECK_THROWS_WITH(nobody.rate(seen(pattern(1)), 1, 1), ContainsSubstring("nobody's profile is chosen"));
    CHECK(nobody.crop_taste(seen(pattern(1))) == nullptr);
    CHECK(nobody.crop_judge(seen(pattern(1))) == nullptr);
    CHECK(person.crop_judge(seen(pattern(1)))(seen(pattern(2))) == person.score(seen(pattern(2))).score);
}
