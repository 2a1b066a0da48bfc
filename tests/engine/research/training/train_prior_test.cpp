#include <Eigen/Dense>
#include <algorithm>
#include <random>

#include <piaa/error.h>
#include <piaa/research/train_prior.h>

#include "support/catch.h"
#include "support/tiny_model.h"

using namespace piaa;

namespace {

/// People who agree on brightness, and differ in how they like warm colours.
PriorData warm_and_cold_people(int people, int photos, double noise) {
    std::mt19937_64 random(7);
    const auto draw = [&] { return static_cast<double>(random() % 10'000) / 10'000; };
    PriorData data{{}, {}, RatingsTable(CsvTable("image,rating\nx,1\n", "none"), {1, 7})};
    for (int i = 0; i < photos; ++i) {
        Features features;
        features.pooled = {static_cast<float>(draw()), static_cast<float>(draw())};
        for (float& attribute : features.attributes) attribute = static_cast<float>(draw());
        data.features.push_back(features);
        data.held_out_generic.push_back(2 + 4 * features.pooled[0]);
    }
    std::string csv = "rater,image,rating\n";
    for (int person = 0; person < people; ++person) {
        const double warmth = 4 * (draw() - 0.5);
        for (int i = 0; i < photos; ++i) {
            const auto& attributes = data.features[i].attributes;
            const double liked = data.held_out_generic[i] +
                                 warmth * (attributes[static_cast<std::size_t>(Attribute::warmth)] - 0.5) +
                                 noise * (draw() - 0.5);
            csv += std::to_string(person) + ",photo" + std::to_string(i) + "," +
                   std::to_string(std::clamp(liked, 1.0, 7.0)) + "\n";
        }
    }
    data.ratings = RatingsTable(CsvTable(csv, "crowd.csv"), {1, 7});
    return data;
}

/// How much people are thought to differ about a photo that has more of an attribute.
double variance_of(const Prior& prior, Attribute attribute) {
    const auto size = static_cast<Eigen::Index>(prior.weights());
    Eigen::VectorXd step = Eigen::VectorXd::Zero(size);
    const std::size_t input = prior.inputs() - attribute_count + static_cast<std::size_t>(attribute);
    for (std::size_t i = 0; i < prior.directions(); ++i)
        step[static_cast<Eigen::Index>(2 + i)] = prior.projection()[i * prior.inputs() + input];
    return step.dot(Eigen::Map<const Eigen::MatrixXd>(prior.covariance().data(), size, size) * step);
}

}  // namespace

TEST_CASE("train_prior finds what people differ in", "[train-prior]") {
    const Prior prior =
        train_prior(test::tiny_model(), warm_and_cold_people(40, 60, 0.4), {.prior_strength = 1});
    const double warmth = variance_of(prior, Attribute::warmth);
    for (const auto other : {Attribute::symmetry, Attribute::contrast, Attribute::simplicity})
        CHECK(warmth > 4 * variance_of(prior, other));
    CHECK(prior.model() == test::tiny_model().info().hash);
    CHECK(prior.mean()[1] == Approx(1).margin(0.1));
    CHECK(prior.noise() < 0.02);

    // Matrix factorisation finds the same: what everybody shares comes first, then one factor is warmth.
    REQUIRE(prior.content());
    REQUIRE(prior.content()->categories.size() == category_count * prior.directions());
    const auto is_warmth = [&](std::size_t factor) {
        const auto first = prior.content()->factors.begin() +
                           static_cast<std::ptrdiff_t>(factor * (attribute_count + category_count));
        const auto strongest = std::max_element(first, first + attribute_count,
                                                [](float a, float b) { return std::abs(a) < std::abs(b); });
        return strongest - first == static_cast<std::ptrdiff_t>(Attribute::warmth);
    };
    CHECK((is_warmth(0) || is_warmth(1)));
}

TEST_CASE("People who all agree leave little to learn", "[train-prior]") {
    PriorData data = warm_and_cold_people(20, 40, 2);
    const double before = variance_of(train_prior(test::tiny_model(), data), Attribute::warmth);
    const auto& scale = data.ratings.scale();
    std::string csv = "rater,image,rating\n";
    std::mt19937_64 random(3);
    for (int person = 0; person < 20; ++person)
        for (std::size_t i = 0; i < data.features.size(); ++i)
            csv += std::to_string(person) + ",photo" + std::to_string(i) + "," +
                   std::to_string(std::clamp(data.held_out_generic[i] + (random() % 200 / 100.0 - 1),
                                             scale.low, scale.high)) +
                   "\n";
    data.ratings = RatingsTable(CsvTable(csv, "agree.csv"), scale);
    CHECK(variance_of(train_prior(test::tiny_model(), data), Attribute::warmth) < before / 4);
}

TEST_CASE("A prior cannot be learned from too little", "[train-prior]") {
    CHECK_THROWS_AS(train_prior(test::tiny_model(), warm_and_cold_people(1, 40, 1)), Error);
    CHECK_THROWS_AS(train_prior(test::tiny_model(), warm_and_cold_people(5, 5, 1)), Error);
    PriorData data = warm_and_cold_people(5, 20, 1);
    data.held_out_generic.pop_back();
    CHECK_THROWS_AS(train_prior(test::tiny_model(), data), Error);
}
