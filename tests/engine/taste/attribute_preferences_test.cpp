#include <algorithm>

#include <piaa/adapt.h>
#include <piaa/attribute_preferences.h>
#include <piaa/error.h>

#include "support/catch.h"
#include "support/taste.h"

using namespace piaa;

namespace {

constexpr std::size_t warmth = static_cast<std::size_t>(Attribute::warmth);

/// Forty photos whose warmth goes along the first taste direction, rated by somebody whose taste for that
/// direction is `taste`.
UserProfile person(const Prior& prior, double taste) {
    const test::Album album(prior, 40);
    UserProfile profile = test::empty_profile();
    for (int i = 0; i < album.size(); ++i) {
        auto row = album.row(i);
        row[1 + prior.directions() + warmth] = 0.5f + row[1];
        profile.set_row(test::photo_id(i), row);
        profile.add(
            {FeedbackKind::rating, test::photo_id(i), "", std::clamp(album.liking(i, taste), 0.0, 1.0), 0});
    }
    return adapt(prior, profile);
}

}  // namespace

TEST_CASE("likes names what a person likes more than others do", "[likes]") {
    const Prior prior = test::small_prior();
    const auto found = attribute_preferences(prior, person(prior, 1));
    REQUIRE(found.size() == 1);  // the only attribute in which these photos differ
    CHECK(found.front().attribute == Attribute::warmth);
    CHECK(found.front().effect > 0.5);
    CHECK(found.front().significant());
}

TEST_CASE("likes turns its sign for a person of the opposite taste", "[likes]") {
    const Prior prior = test::small_prior();
    const auto found = attribute_preferences(prior, person(prior, -1));
    REQUIRE(found.size() == 1);
    CHECK(found.front().effect < -0.5);
}

TEST_CASE("likes claims nothing of a person who follows the crowd", "[likes]") {
    const Prior prior = test::small_prior();
    for (const auto& like : attribute_preferences(prior, person(prior, 0)))
        CHECK(std::abs(like.effect) < 0.2);
}

TEST_CASE("likes needs the prior that the profile was learned with", "[likes]") {
    const Prior prior = test::small_prior();
    const UserProfile profile = person(prior, 1);
    const Prior other = test::changed(prior, [](PriorParts& parts) { parts.hash = std::string(64, 'e'); });
    CHECK_THROWS_AS(attribute_preferences(other, profile), Error);
    CHECK_THROWS_AS(attribute_preferences(prior, test::empty_profile()), Error);
}
