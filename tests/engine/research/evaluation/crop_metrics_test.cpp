#include <cmath>

#include <piaa/error.h>
#include <piaa/research/crop_metrics.h>

#include "support/catch.h"

using namespace piaa;

TEST_CASE("a box is measured against each person's, and the best", "[crop_metrics]") {
    const std::vector<Box> chosen{{0, 0, 1, 1}};
    const std::vector<std::vector<Box>> people{{{0, 0, 1, 1}, {0, 0, 0.5, 1}}};
    const std::vector<Box> baseline{{0, 0, 0.5, 1}};
    const auto metrics = box_metrics(chosen, people, baseline);
    REQUIRE(metrics.size() == 4);
    CHECK(metrics[0].name == "iou");
    CHECK(metrics[0].value == Approx(0.75));
    CHECK(metrics[1].value == Approx(1));
    CHECK(metrics[2].value == Approx(0));
    CHECK(metrics[3].value == Approx(0).margin(1e-12));
    CHECK(box_metrics(baseline, std::vector<std::vector<Box>>{{{0, 0, 1, 1}}}, baseline)[2].value ==
          Approx(0.125));
}

TEST_CASE("people are measured against each other where several drew", "[crop_metrics]") {
    const std::vector<std::vector<Box>> people{{{0, 0, 1, 1}, {0, 0, 0.5, 1}}, {{0, 0, 1, 1}}};
    CHECK(people_metrics(people)[0].value == Approx(0.5));
}

TEST_CASE("photos without people's boxes are refused", "[crop_metrics]") {
    const std::vector<Box> one{{0, 0, 1, 1}};
    CHECK_THROWS_AS(box_metrics(one, std::vector<std::vector<Box>>{{}}, one), Error);
}

TEST_CASE("top accuracy counts returned crops among the best ones", "[crop_metrics]") {
    const std::vector<double> given{5, 4, 3, 2, 1};
    CHECK(top_accuracy(given, given, 2, 2) == 1);
    CHECK(top_accuracy(std::vector<double>{1, 2, 3, 4, 5}, given, 2, 2) == 0);
    CHECK(top_accuracy(std::vector<double>{5, 1, 4, 2, 3}, given, 2, 2) == Approx(0.5));
    CHECK(std::isnan(top_accuracy({}, {}, 1, 1)));
}
