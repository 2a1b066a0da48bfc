#include <cmath>
#include <map>

#include <piaa/error.h>
#include <piaa/research/generic_metrics.h>

#include "support/catch.h"

using namespace piaa;

namespace {

// Three people, four photos; the third person gives everything a 3.
RatingsTable ratings() {
    return {
        CsvTable("rater,image,rating\nann,a,1\nann,b,2\nann,c,4\nann,d,5\n"
                 "bob,a,1\nbob,b,4\nbob,c,2\nbob,d,5\n"
                 "cy,a,3\ncy,b,3\ncy,c,3\ncy,d,3\n",
                 "t.csv")};
}

std::vector<ScoreDistribution> predictions(const std::vector<double>& means) {
    std::vector<ScoreDistribution> result;
    for (const double mean : means)
        result.push_back(ScoreDistribution::truncated_normal_with_mean(1, 5, 5, mean, 0.5));
    return result;
}

std::map<std::string, Metric> metrics_of(const std::vector<double>& means) {
    std::map<std::string, Metric> named;
    for (const Metric& metric : generic_metrics(predictions(means), ratings())) named[metric.name] = metric;
    return named;
}

}  // namespace

TEST_CASE("metrics of a perfect order", "[metrics]") {
    // Photo means are 5/3, 3, 3 and 13/3.
    auto metrics = metrics_of({1.5, 2, 4, 4.5});
    CHECK(metrics["srocc"].value == Approx(4.5 / std::sqrt(22.5)));
    CHECK(metrics["rater_srocc"].value == Approx((1 + 0.8) / 2));
    CHECK(metrics["acc"].value == Approx(0.75));
    CHECK(metrics["acc_constant"].value == Approx(0.75));
    CHECK(metrics["srocc"].interval.low <= metrics["srocc"].value);
    CHECK(metrics["emd1"].value > 0);
}

TEST_CASE("a constant prediction has no rank correlation but an error", "[metrics]") {
    auto metrics = metrics_of({3, 3, 3, 3});
    CHECK(std::isnan(metrics["srocc"].value));
    CHECK(std::isnan(metrics["rater_srocc"].value));
    CHECK(metrics["mse"].value == Approx(2 * 16.0 / 9 / 4).margin(1e-6));
    CHECK(metrics["balanced_acc"].value == Approx(0.5));
}

TEST_CASE("a person who gives everything one rating is counted out, not as 0", "[metrics]") {
    const auto per_rater = rater_sroccs(std::vector<double>{1, 2, 3, 4}, ratings());
    CHECK(per_rater[0] == Approx(1));
    CHECK(per_rater[1] == Approx(0.8));
    CHECK(std::isnan(per_rater[2]));
}

TEST_CASE("the difference of a prediction with itself is 0", "[metrics]") {
    const std::vector<double> given{1, 2, 3, 4, 5};
    const std::vector<double> reversed{5, 4, 3, 2, 1};
    const Metric none = srocc_difference(given, given, given);
    CHECK(none.value == 0);
    CHECK(none.interval.high == 0);
    CHECK(srocc_difference(given, reversed, given).interval.low > 0);
}

TEST_CASE("predictions for another number of photos are refused", "[metrics]") {
    CHECK_THROWS_AS(generic_metrics(predictions({1, 2}), ratings()), Error);
}
