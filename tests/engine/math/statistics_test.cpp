#include <cmath>
#include <numeric>
#include <vector>

#include <piaa/error.h>
#include <piaa/score.h>
#include <piaa/statistics.h>

#include "support/catch.h"

using namespace piaa;
using Values = std::vector<double>;

TEST_CASE("equal values share the mean of their ranks", "[statistics]") {
    CHECK(mid_ranks(Values{3, 1, 3, 2}) == Values{3.5, 1, 3.5, 2});
    CHECK(mid_ranks(Values{}).empty());
}

TEST_CASE("spearman is the linear correlation of mid-ranks, ties included", "[statistics]") {
    CHECK(spearman(Values{1, 2, 3, 4}, Values{1, 10, 100, 1000}) == Approx(1));
    CHECK(spearman(Values{1, 2, 3, 4}, Values{4, 3, 2, 1}) == Approx(-1));
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5).
    CHECK(spearman(Values{1, 2, 2, 3}, Values{1, 2, 3, 4}) == Approx(4.5 / std::sqrt(22.5)));
}

TEST_CASE("a correlation with a constant is undefined, not 0", "[statistics]") {
    CHECK(std::isnan(spearman(Values{2, 2, 2}, Values{1, 2, 3})));
    CHECK(std::isnan(pearson(Values{1, 2, 3}, Values{0.1, 0.1, 0.1})));
    CHECK(std::isnan(pearson(Values{1}, Values{1})));
    CHECK(std::isnan(spearman(Values{1, std::nan(""), 3}, Values{1, 2, 3})));
}

TEST_CASE("pearson of hand-computed values", "[statistics]") {
    CHECK(pearson(Values{1, 2, 3}, Values{1, 2, 4}) == Approx(3 / std::sqrt(2 * 14.0 / 3)));
}

TEST_CASE("metrics of lists of different length are refused", "[statistics]") {
    CHECK_THROWS_AS(spearman(Values{1, 2}, Values{1}), Error);
    CHECK_THROWS_AS(mean_squared_error(Values{1, 2}, Values{1}), Error);
}

TEST_CASE("the earth mover's distance counts every rating passed on the way", "[statistics]") {
    const ScoreDistribution low{1, 4, {1, 0, 0, 0}};
    const ScoreDistribution high{1, 4, {0, 0, 0, 1}};
    CHECK(earth_movers_distance(low, low, 2) == 0);
    CHECK(earth_movers_distance(low, high, 1) == Approx(0.75));
    CHECK(earth_movers_distance(low, high, 2) == Approx(std::sqrt(0.75)));
    CHECK_THROWS_AS(earth_movers_distance(low, ScoreDistribution(1, 3, {1, 0, 0}), 1), Error);
}

TEST_CASE("balanced accuracy does not reward the constant answer", "[statistics]") {
    const Values given{5, 5, 5, 1};
    const Values constant{4, 4, 4, 4};
    CHECK(accuracy(constant, given, 3) == Approx(0.75));
    CHECK(constant_accuracy(given, 3) == Approx(0.75));
    CHECK(balanced_accuracy(constant, given, 3) == Approx(0.5));
    CHECK(std::isnan(balanced_accuracy(Values{4}, Values{5}, 3)));
    CHECK(mean_squared_error(constant, given) == Approx(3));
}

TEST_CASE("pair accuracy looks at clearly different ratings only", "[statistics]") {
    // Pairs at least 1 apart: (1,2), (1,2.5), (1,4), (2,4), (2.5,4); 2 and 2.5 do not count.
    const Values given{1, 2, 2.5, 4};
    CHECK(pair_accuracy(Values{1, 3, 2, 4}, given) == Approx(1));
    CHECK(pair_accuracy(Values{4, 3, 2, 1}, given) == Approx(0));
    CHECK(pair_accuracy(Values{1, 1, 1, 1}, given) == Approx(0.5));
    CHECK(std::isnan(pair_accuracy(given, Values{3, 3, 3, 3})));
}

TEST_CASE("ndcg is 1 for the best order and shares the gain of equal predictions", "[statistics]") {
    const Values given{1, 2, 3};
    const double second = 1 / std::log2(3.0);
    CHECK(ndcg(Values{10, 20, 30}, given) == Approx(1));
    CHECK(ndcg(Values{30, 20, 10}, given) == Approx((second + 2 * 0.5) / (2 + second)));
    CHECK(ndcg(Values{5, 5, 5}, given, 1) == Approx(0.5));
    CHECK(std::isnan(ndcg(given, Values{2, 2, 2})));
}

TEST_CASE("a bootstrap interval holds the mean, narrows with more units and repeats with its seed",
          "[statistics]") {
    const auto mean_interval = [](std::size_t count) {
        return bootstrap_interval(count, [&](std::span<const std::size_t> drawn) {
            double sum = 0;
            for (const auto i : drawn) sum += static_cast<double>(i % 10);
            return sum / static_cast<double>(drawn.size());
        });
    };
    const Interval few = mean_interval(20);
    const Interval many = mean_interval(2000);
    CHECK((few.low < 4.5 && 4.5 < few.high));
    CHECK(many.high - many.low < (few.high - few.low) / 5);
    CHECK(mean_interval(20).low == few.low);
}

TEST_CASE("draws without a value are left out of the interval", "[statistics]") {
    const Interval one = bootstrap_interval(
        2, [](std::span<const std::size_t> drawn) { return drawn[0] == 0 ? 1.0 : std::nan(""); });
    CHECK(one.low == 1);
    const Interval none = bootstrap_interval(2, [](std::span<const std::size_t>) { return std::nan(""); });
    CHECK(std::isnan(none.low));
}

TEST_CASE("a paired difference of equal statistics is exactly 0", "[statistics]") {
    const Statistic first = [](std::span<const std::size_t> drawn) { return static_cast<double>(drawn[0]); };
    const Interval difference = paired_bootstrap(50, first, first);
    CHECK(difference.low == 0);
    CHECK(difference.high == 0);
}

TEST_CASE("the standard error of a rank correlation shrinks with the count", "[statistics]") {
    CHECK(fisher_standard_error(0, 103) == Approx(0.1));
    CHECK(std::isnan(fisher_standard_error(0.5, 3)));
}
