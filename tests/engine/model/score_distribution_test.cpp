#include <piaa/error.h>
#include <piaa/score.h>

#include "support/catch.h"

using piaa::ScoreDistribution;

TEST_CASE("a distribution refuses what is none", "[score]") {
    CHECK_THROWS_AS((ScoreDistribution{1, 5, {0.5, 0.2}}), piaa::Error);
    CHECK_THROWS_AS((ScoreDistribution{1, 5, {1.5, -0.5}}), piaa::Error);
    CHECK_THROWS_AS((ScoreDistribution{5, 1, {0.5, 0.5}}), piaa::Error);
    CHECK_THROWS_AS((ScoreDistribution{1, 5, {1}}), piaa::Error);
}

TEST_CASE("mean and spread are those of the ratings", "[score]") {
    const ScoreDistribution half{1, 5, {0.5, 0, 0, 0, 0.5}};
    CHECK(half.mean() == Approx(3));
    CHECK(half.spread() == Approx(2));
}

TEST_CASE("a truncated normal keeps its mean inside the scale and never leaves it", "[score]") {
    CHECK(ScoreDistribution::truncated_normal(1, 7, 7, 4, 1).mean() == Approx(4));
    const auto outside = ScoreDistribution::truncated_normal(1, 7, 7, 500, 0.5);
    CHECK(outside.mean() == Approx(7));
    CHECK(outside.spread() == Approx(0).margin(1e-6));
}

TEST_CASE("a truncated normal can be asked for its mean", "[score]") {
    for (const double mean : {1.1, 2.0, 4.0, 6.9})
        for (const double deviation : {0.05, 1.0, 30.0})
            CHECK(ScoreDistribution::truncated_normal_with_mean(1, 7, 7, mean, deviation).mean() ==
                  Approx(mean).margin(0.002));
    CHECK(ScoreDistribution::truncated_normal_with_mean(1, 7, 7, 99, 1).mean() == Approx(6.94));
}
