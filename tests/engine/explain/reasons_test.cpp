#include <algorithm>
#include <numeric>

#include <piaa/piaa.h>
#include <piaa/reasons.h>

#include "support/catch.h"

using namespace piaa;

namespace {

/// Good at the top left, bad at the bottom right, and nothing to say in between.
Heatmap corner_map(float top_left, float bottom_right, double average) {
    Heatmap map{{7, 5}, std::vector<float>(35, 0), {{"average photo", average}}};
    map.values.front() = top_left;
    map.values.back() = bottom_right;
    return map;
}

Features usual_photo() {
    Features features;
    features.attributes = attribute_norms().mean;
    return features;
}

float& value(Features& features, Attribute attribute) {
    return features.attributes[static_cast<std::size_t>(attribute)];
}

const AttributeReason& reason(const Reasons& reasons, Attribute attribute) {
    return *std::find_if(reasons.attributes.begin(), reasons.attributes.end(),
                         [&](const AttributeReason& a) { return a.attribute == attribute; });
}

std::string joined(const std::vector<std::string>& sentences) {
    return std::accumulate(sentences.begin(), sentences.end(), std::string(),
                           [](const std::string& all, const std::string& next) { return all + next + "\n"; });
}

Score scored(double personal, double generic) {
    Score score;
    score.score = personal;
    score.generic = generic;
    return score;
}

}  // namespace

TEST_CASE("the nine places of a photo add up to its map", "[reasons]") {
    const Heatmap map = corner_map(10, -20, 5);
    const Reasons reasons = find_reasons(scored(6, 6), usual_photo(), map, nullptr, {});
    REQUIRE(reasons.places.size() == 9);
    double sum = 0;
    for (const PlaceReason& place : reasons.places) sum += place.points;
    CHECK(sum == Approx(map.mean()));
    CHECK(reasons.places.front().place == "top left");
    CHECK(reasons.places.front().points == Approx(10 / 35.0));
    CHECK(reasons.places.back().place == "bottom right");
}

TEST_CASE("what no place accounts for is told with a word on how exact places are", "[reasons]") {
    Heatmap map = corner_map(10, -20, 5);
    const auto words = [&] {
        return joined(in_words(find_reasons(scored(6, 6), usual_photo(), map, nullptr, {})));
    };
    CHECK(words().find("as a whole") == std::string::npos);
    const double points = GENERATE(0.25, -2.0);
    map.constants.push_back({"the photo as a whole", points});
    CHECK_THAT(words(), ContainsSubstring(points > 0 ? "as a whole raises the score (+0.25)"
                                                     : "as a whole lowers the score (-2.00)"));
    // What weighs most is said first.
    CHECK((words().find("as a whole") < words().find("Places that")) == (std::abs(points) > 1));
}

TEST_CASE("a photo unlike those that the model learned from is said to be less sure", "[reasons]") {
    Reasons reasons = find_reasons(scored(5, 5), usual_photo(), corner_map(0.1F, -0.1F, 5), nullptr, {});
    CHECK(in_words(reasons).size() == 1);
    reasons.unlike_training = true;
    REQUIRE(in_words(reasons).size() == 2);
    CHECK_THAT(in_words(reasons)[1], ContainsSubstring("unlike the photos that the model learned from"));
}

TEST_CASE("average photo, attributes and the rest add up to the generic score", "[reasons]") {
    Features features = usual_photo();
    value(features, Attribute::contrast) = 0.2F;
    value(features, Attribute::warmth) = 0.8F;
    const Reasons reasons = find_reasons(scored(7, 7), features, corner_map(1, 1, 5.5), nullptr, {});
    double sum = reasons.average + reasons.rest;
    for (const AttributeReason& attribute : reasons.attributes) sum += attribute.points;
    CHECK(sum == Approx(7));
    CHECK(reason(reasons, Attribute::sharpness).points == Approx(0).margin(1e-6));
    CHECK(reason(reasons, Attribute::contrast).deviations < -2);
    CHECK(reason(reasons, Attribute::contrast).points != 0);
    CHECK(std::is_sorted(reasons.attributes.begin(), reasons.attributes.end(),
                         [](const AttributeReason& a, const AttributeReason& b) {
                             return std::abs(a.points) > std::abs(b.points);
                         }));
}

TEST_CASE("taste is spoken of where the profile can tell it, and only with a profile", "[reasons]") {
    Features features = usual_photo();
    value(features, Attribute::warmth) = 0.8F;
    value(features, Attribute::contrast) = 0.2F;
    const std::vector<AttributePreference> liked{{Attribute::warmth, 0.4, 0.1},
                                                 {Attribute::contrast, 0.4, 0.5}};
    const Heatmap difference = corner_map(0, 9, 0.2);
    const Reasons reasons = find_reasons(scored(8, 7), features, corner_map(9, 0, 5), &difference, liked);
    CHECK(reasons.personal);
    CHECK(reason(reasons, Attribute::warmth).taste > 0.4);
    CHECK(reason(reasons, Attribute::contrast).taste == 0);
    CHECK(reasons.taste_elsewhere == Approx(0.2));

    const std::string words = joined(in_words(reasons));
    CHECK_THAT(words, ContainsSubstring("8.00 of 10 for this person, 7.00 for people in general"));
    CHECK_THAT(words, ContainsSubstring("likes better than others: bottom right (+0.26)"));
    CHECK_THAT(words, ContainsSubstring("Whatever the place, this person gives more than others (+0.20)."));
    CHECK_THAT(words, ContainsSubstring("speaks for it: warm colours"));

    const std::string to_them = joined(in_words(reasons, Listener::the_person));
    CHECK_THAT(to_them, ContainsSubstring("8.00 of 10 for you, 7.00 for people in general"));
    CHECK_THAT(to_them, ContainsSubstring("You like better than others: bottom right (+0.26)"));
    CHECK_THAT(to_them, ContainsSubstring("Whatever the place, you give more than others (+0.20)."));
    CHECK_THAT(to_them, ContainsSubstring("Your taste speaks for it: warm colours"));
    CHECK(to_them.find("person") == std::string::npos);

    const auto generic = in_words(find_reasons(scored(7, 7), features, corner_map(9, 0, 5), nullptr, {}));
    CHECK_THAT(generic.front(), ContainsSubstring("7.00 of 10; an average photo has 5.00."));
    CHECK(joined(generic).find("his person") == std::string::npos);
}

TEST_CASE("sentences leave out what hardly counts and say when a picture is no photo", "[reasons]") {
    Score score = scored(5, 5);
    const Heatmap even = corner_map(0.1F, -0.1F, 5);
    CHECK(in_words(find_reasons(score, usual_photo(), even, nullptr, {})).size() == 1);
    score.flags.set(Flag::document);
    const auto sentences = in_words(find_reasons(score, usual_photo(), even, nullptr, {}));
    REQUIRE(sentences.size() == 2);
    CHECK_THAT(sentences[1], ContainsSubstring("document"));
}

TEST_CASE("a photo in black and white is not told that its colours are muted", "[reasons]") {
    Features features = usual_photo();
    value(features, Attribute::saturation) = 0.05F;
    value(features, Attribute::colourfulness) = 0.02F;
    const auto words = [&] {
        return joined(in_words(find_reasons(scored(6, 6), features, corner_map(9, 0, 5), nullptr, {})));
    };
    CHECK_THAT(words(), ContainsSubstring("muted colours"));
    value(features, Attribute::saturation) = 0;
    value(features, Attribute::colourfulness) = 0;
    CHECK(words().find("colours") == std::string::npos);
}

TEST_CASE("every attribute has words for much and for little", "[reasons]") {
    for (std::size_t i = 0; i < attribute_count; ++i)
        CHECK(in_words(static_cast<Attribute>(i), true) != in_words(static_cast<Attribute>(i), false));
}
