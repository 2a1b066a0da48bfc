#include <algorithm>
#include <cmath>
#include <limits>

#include <piaa/error.h>
#include <piaa/profile.h>

#include "support/catch.h"
#include "support/sample_profile.h"

using namespace piaa;

namespace {

const float not_a_number = std::numeric_limits<float>::quiet_NaN();

UserProfile two_photos() {
    UserProfile profile({"tiny", "hash", "tiny-1"});
    profile.set_row("a", {1, 2});
    profile.set_row("b", {3, 4});
    return profile;
}

}  // namespace

TEST_CASE("a profile refuses feature rows that learning could not use", "[profile]") {
    UserProfile profile = two_photos();
    CHECK_THROWS_AS(profile.set_row("c", {1, 2, 3}), Error);
    CHECK_THROWS_AS(profile.set_row("c", {1, not_a_number}), Error);
    CHECK_THROWS_AS(profile.set_row("", {1, 2}), Error);
    UserProfile empty({"tiny", "hash", "tiny-1"});
    CHECK_THROWS_AS(empty.set_row("a", std::vector<float>(65)), Error);
    CHECK_THROWS_AS(empty.set_row("a", {}), Error);
}

TEST_CASE("a profile refuses events that say nothing", "[profile]") {
    UserProfile profile = two_photos();
    CHECK_THROWS_AS(profile.add({FeedbackKind::rating, "unknown", "", 0.5, 0}), Error);
    CHECK_THROWS_AS(profile.add({FeedbackKind::rating, "a", "", 1.5, 0}), Error);
    CHECK_THROWS_AS(profile.add({FeedbackKind::rating, "a", "", not_a_number, 0}), Error);
    CHECK_THROWS_AS(profile.add({FeedbackKind::comparison, "a", "a", 1, 0}), Error);
    CHECK_THROWS_AS(profile.add({FeedbackKind::comparison, "a", "unknown", 1, 0}), Error);
    CHECK_THROWS_AS(profile.add({FeedbackKind::comparison, "a", "b", 0, 0}), Error);
    CHECK(profile.events().empty());
}

TEST_CASE("forgetting a photo takes back its ratings and comparisons", "[profile]") {
    UserProfile profile = two_photos();
    profile.add({FeedbackKind::rating, "a", "", 0.5, 0});
    profile.add({FeedbackKind::rating, "b", "", 0.75, 0});
    profile.add({FeedbackKind::comparison, "b", "a", 1, 0});

    CHECK(profile.forget("a") == 2);
    REQUIRE(profile.events().size() == 1);
    CHECK(profile.events().front().photo == "b");
    CHECK_FALSE(profile.rows().contains("a"));
    CHECK(profile.forget("a") == 0);
}

TEST_CASE("an order of photos counts as one answer less than it has photos", "[profile]") {
    UserProfile profile({"tiny", "hash", "tiny-1"});
    const std::vector<std::string> order = {"d", "a", "c", "b"};
    for (const auto& id : order) profile.set_row(id, {1, 2});
    profile.add_order(order, 7);
    double weight = 0;
    for (const Feedback& event : profile.events()) {
        CHECK(event.kind == FeedbackKind::comparison);
        CHECK(std::find(order.begin(), order.end(), event.photo) <
              std::find(order.begin(), order.end(), event.other));
        weight += event.value;
    }
    CHECK(profile.events().size() == 6);
    CHECK(weight == Approx(3));
    const std::vector<std::string> unknown = {"a", "b", "nobody's"}, twice = {"a", "b", "a"}, alone = {"a"};
    CHECK_THROWS_AS(profile.add_order(unknown, 8), Error);
    CHECK_THROWS_AS(profile.add_order(twice, 8), Error);
    CHECK_THROWS_AS(profile.add_order(alone, 8), Error);
    CHECK(profile.events().size() == 6);
}

TEST_CASE("taking an event back leaves the profile as it was before", "[profile]") {
    UserProfile profile = two_photos();
    profile.add({FeedbackKind::rating, "a", "", 0.5, 1});
    UserProfile before = profile;
    profile.set_row("c", {5, 6});
    const Feedback event{FeedbackKind::comparison, "c", "a", 1, 2};
    profile.add(event);
    profile.add({FeedbackKind::rating, "b", "", 0.25, 3});
    CHECK(profile.remove(event));
    CHECK_FALSE(profile.rows().contains("c"));
    CHECK(profile.remove({FeedbackKind::rating, "b", "", 0.25, 3}));
    CHECK(profile.events() == before.events());
    CHECK_FALSE(profile.remove(event));
}

TEST_CASE("learned numbers must be finite, named once and fill their shape", "[profile]") {
    UserProfile profile = two_photos();
    Learned learned;
    learned.tensors["mean"] = {{2}, {1, 2, 3}};
    CHECK_THROWS_AS(profile.set_learned(learned), Error);
    learned.tensors["mean"] = {{3}, {1, 2, not_a_number}};
    CHECK_THROWS_AS(profile.set_learned(learned), Error);
    learned.tensors["mean"] = {{3}, {1, 2, 3}};
    CHECK_NOTHROW(profile.set_learned(learned));
    learned.numbers["mean"] = 2;
    CHECK_THROWS_AS(profile.set_learned(learned), Error);
}

TEST_CASE("traits are numbers from -1 to 1, and can be taken out again", "[profile]") {
    UserProfile profile({"tiny", "hash", "tiny-1"});
    CHECK_THROWS_AS(profile.set_traits(Traits{0, 0, 1.5, 0, 0}), Error);
    CHECK_THROWS_AS(profile.set_traits(Traits{0, std::nan(""), 0, 0, 0}), Error);
    CHECK_FALSE(profile.traits());
    profile.set_traits(Traits{0, -1, 1, 0, 0});
    CHECK(profile.traits()->at(2) == 1);
    profile.set_traits(std::nullopt);
    CHECK_FALSE(profile.traits());
}

TEST_CASE("a method asks for its tensors by name and shape", "[profile]") {
    const Learned learned = test::sample_profile().learned();
    CHECK(learned.tensor("covariance", std::vector<std::int64_t>{-1, 4}).values.size() == 16);
    CHECK_THROWS_AS(learned.tensor("covariance", std::vector<std::int64_t>{5, 4}), Error);
    CHECK_THROWS_AS(learned.tensor("covariance", std::vector<std::int64_t>{16}), Error);
    CHECK_THROWS_AS(learned.tensor("other", std::vector<std::int64_t>{1}), Error);
    CHECK(learned.number("gate") == 0.7);
    CHECK_THROWS_AS(learned.number("other"), Error);
}
