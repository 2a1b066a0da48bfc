// Stars that are a person's own: from which scores on, and as often as the person gave them.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <piaa/adapt.h>
#include <piaa/error.h>
#include <piaa/stars.h>

#include "support/catch.h"
#include "support/sample_profile.h"
#include "support/taste.h"

using namespace piaa;

namespace {

const Prior prior = test::small_prior();

/// A strict person's stars: many ones and twos, few fives.
int strict_stars(const test::Album& album, int photo) {
    const double liked = std::clamp(album.liking(photo), 0.0, 1.0);
    return 1 + static_cast<int>(std::lround(4 * liked * liked));
}

int predicted_stars(const UserProfile& profile, const test::Album& album, int photo) {
    const double rating = predict(prior, profile, album.row(photo)).rating;
    return stars_at(*star_thresholds(profile), std::clamp(1 + 9 * rating, 1.0, 10.0));
}

UserProfile strict_person(const test::Album& album, int rated) {
    UserProfile profile = test::empty_profile();
    for (int i = 0; i < rated; ++i) test::rate(profile, album, i, (strict_stars(album, i) - 1) / 4.0);
    return profile;
}

}  // namespace

TEST_CASE("a score has as many stars as thresholds say that it reaches", "[stars]") {
    const StarThresholds at{4, 5.5, 7, 8.2};
    CHECK(stars_at(at, 1) == 1);
    CHECK(stars_at(at, 4) == 2);
    CHECK(stars_at(at, 6.99) == 3);
    CHECK(stars_at(at, 7) == 4);
    CHECK(stars_at(at, 10) == 5);
}

TEST_CASE("a profile keeps its stars, in its file too, until they are taken out", "[stars]") {
    UserProfile profile = test::sample_profile();
    CHECK_FALSE(star_thresholds(profile));
    set_star_thresholds(profile, StarThresholds{4, 5.5, 7, 8.2});
    const UserProfile read = parse_profile(profile_bytes(profile), "me.pt");
    CHECK(star_thresholds(read) == StarThresholds{4, 5.5, 7, 8.2});
    set_star_thresholds(profile, std::nullopt);
    CHECK(profile == test::sample_profile());
    CHECK_THROWS_AS(set_star_thresholds(profile, StarThresholds{5, 4, 7, 8}), Error);

    set_stars_like_ratings(profile);
    CHECK(stars_like_ratings(parse_profile(profile_bytes(profile), "me.pt")));
    set_star_thresholds(profile, std::nullopt);
    CHECK(profile == test::sample_profile());
}

TEST_CASE("a profile whose stars fall is refused where they are asked for", "[stars]") {
    UserProfile profile = test::sample_profile();
    Learned learned = profile.learned();
    learned.numbers.insert({{"stars_2", 5}, {"stars_3", 4}, {"stars_4", 6}, {"stars_5", 7}});
    profile.set_learned(learned);
    CHECK_THROWS_AS(star_thresholds(profile), Error);
}

TEST_CASE("learning keeps the stars that somebody chose", "[stars]") {
    const test::Album album(prior, 12);
    UserProfile profile = strict_person(album, 12);
    set_star_thresholds(profile, StarThresholds{2, 3, 4, 5});
    profile = adapt(prior, profile);
    CHECK(star_thresholds(profile) == StarThresholds{2, 3, 4, 5});
    test::rate(profile, album, 0, 0.25);
    CHECK(star_thresholds(adapt(prior, profile)) == StarThresholds{2, 3, 4, 5});
}

TEST_CASE("stars like the person's come about as often on other photos as the person gave them", "[stars]") {
    const std::string method = GENERATE("auto", "ridge", "generic");
    CAPTURE(method);
    const test::Album album(prior, 400);
    UserProfile profile = strict_person(album, 200);
    set_stars_like_ratings(profile);
    profile = adapt(prior, profile, {.method = method});
    std::array<int, 6> given{}, predicted{};
    for (int i = 200; i < 400; ++i) {
        ++given[static_cast<std::size_t>(strict_stars(album, i))];
        ++predicted[static_cast<std::size_t>(predicted_stars(profile, album, i))];
    }
    CAPTURE(given, predicted);
    for (std::size_t stars = 1; stars <= 5; ++stars) CHECK(std::abs(given[stars] - predicted[stars]) <= 20);
}

TEST_CASE("stars like the person's move with every rating, and wait for ten", "[stars]") {
    const test::Album album(prior, 40);
    UserProfile profile = strict_person(album, 9);
    set_stars_like_ratings(profile);
    profile = adapt(prior, profile);
    CHECK_FALSE(star_thresholds(profile));
    CHECK(stars_like_ratings(profile));
    for (int i = 9; i < 20; ++i) test::rate(profile, album, i, (strict_stars(album, i) - 1) / 4.0);
    profile = adapt(prior, profile);
    const auto strict = star_thresholds(profile);
    REQUIRE(strict);
    for (int i = 20; i < 40; ++i) test::rate(profile, album, i, 1);
    const auto mild = star_thresholds(adapt(prior, profile));
    REQUIRE(mild);
    CHECK((*mild)[3] < (*strict)[3]);
}

TEST_CASE("a person who never gave five stars gets none", "[stars]") {
    const test::Album album(prior, 20);
    UserProfile profile = test::empty_profile();
    for (int i = 0; i < 20; ++i) test::rate(profile, album, i, i % 2 == 0 ? 0.5 : 0.25);
    set_stars_like_ratings(profile);
    profile = adapt(prior, profile);
    for (int i = 0; i < 20; ++i) {
        CHECK(predicted_stars(profile, album, i) >= 2);
        CHECK(predicted_stars(profile, album, i) <= 3);
    }
}
