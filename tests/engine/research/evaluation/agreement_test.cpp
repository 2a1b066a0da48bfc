#include <cmath>
#include <random>

#include <piaa/error.h>
#include <piaa/research/agreement.h>

#include "support/catch.h"

using namespace piaa;

namespace {

double metric(const RatingsAgreement& agreement, const std::string& name) {
    for (const auto& one : agreement.metrics)
        if (one.name == name) return one.value;
    throw std::runtime_error("no metric " + name);
}

/// Ratings = what all see + how high a person rates + what is their own, of these variances.
RatingsTable simulated(double common, double bias, double individual) {
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    RatingsCollector collector({-100, 100});
    std::vector<double> photos(120);
    for (double& photo : photos) photo = std::sqrt(common) * normal(random);
    for (int person = 0; person < 80; ++person) {
        const double offset = std::sqrt(bias) * normal(random);
        for (int photo = 0; photo < 120; ++photo)
            collector.add("p" + std::to_string(person), "i" + std::to_string(photo),
                          photos[photo] + offset + std::sqrt(individual) * normal(random));
    }
    return collector.take("simulation");
}

}  // namespace

TEST_CASE("what is common, bias and individual comes back from a simulation", "[agreement]") {
    const auto agreement = rating_agreement(simulated(2, 1, 3));
    CHECK(metric(agreement, "common") == Approx(2.0 / 6).margin(0.08));
    CHECK(metric(agreement, "bias") == Approx(1.0 / 6).margin(0.06));
    CHECK(metric(agreement, "individual") == Approx(3.0 / 6).margin(0.08));
    for (const auto& one : agreement.metrics) {
        CHECK(one.interval.low <= one.value);
        CHECK(one.value <= one.interval.high);
    }
}

TEST_CASE("people who see alike agree, people who rate at random do not", "[agreement]") {
    const auto alike = rating_agreement(simulated(1, 0, 0.0001));
    const auto random = rating_agreement(simulated(0, 0, 1));
    CHECK(metric(alike, "srocc_of_pairs") > 0.99);
    CHECK(metric(alike, "same_side") > 0.98);
    CHECK(metric(random, "srocc_of_pairs") == Approx(0).margin(0.03));
    CHECK(metric(random, "same_side") == Approx(metric(random, "same_by_chance")).margin(0.03));
}

TEST_CASE("each person and each photo is told by hand-made numbers", "[agreement]") {
    RatingsCollector collector({1, 5});
    for (const auto& [rater, image, rating] :
         std::vector<std::tuple<const char*, const char*, double>>{{"a", "x", 1},
                                                                   {"a", "y", 5},
                                                                   {"b", "x", 2},
                                                                   {"b", "y", 4},
                                                                   {"c", "x", 5},
                                                                   {"c", "y", 1},
                                                                   {"d", "z", 3}}) {
        collector.add(rater, image, rating);
    }
    const auto agreement = rating_agreement(collector.take("hand"));
    REQUIRE(agreement.raters.size() == 3);           // nobody shares a photo with d
    CHECK(agreement.raters[0].srocc == Approx(-1));  // others: x 3.5, y 2.5
    CHECK(agreement.raters[1].bias == Approx(-0.5 * (1) + 0.5 * (1)));
    REQUIRE(agreement.photos.size() == 2);
    CHECK(agreement.photos[0].majority == Approx(2.0 / 3));
    CHECK(agreement.photos[0].mean == Approx(8.0 / 3));
}

TEST_CASE("ratings without people or without shared photos are refused", "[agreement]") {
    RatingsCollector histogram({1, 10}, RatingsDetail::histograms);
    histogram.add("", "x", 3, 12);
    CHECK_THROWS_AS(rating_agreement(histogram.take("histogram")), Error);
    RatingsCollector apart({1, 5});
    apart.add("a", "x", 3);
    apart.add("b", "y", 3);
    CHECK_THROWS_AS(rating_agreement(apart.take("apart")), Error);
}
