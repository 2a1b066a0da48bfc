#include <cmath>

#include <piaa/error.h>
#include <piaa/research/crop_figures.h>

#include "support/catch.h"

using namespace piaa;

TEST_CASE("a box is measured against each person's, and the best", "[crop_figures]") {
    const std::vector<Box> chosen{{0, 0, 1, 1}};
    const std::vector<std::vector<Box>> people{{{0, 0, 1, 1}, {0, 0, 0.5, 1}}};
    const std::vector<Box> baseline{{0, 0, 0.5, 1}};
    const auto figures = box_figures(chosen, people, baseline);
    REQUIRE(figures.size() == 4);
    CHECK(figures[0].name == "iou");
    CHECK(figures[0].value == Approx(0.75));
    CHECK(figures[1].value == Approx(1));
    CHECK(figures[2].value == Approx(0));
    CHECK(figures[3].value == Approx(0).margin(1e-12));
    CHECK(box_figures(baseline, std::vector<std::vector<Box>>{{{0, 0, 1, 1}}}, baseline)[2].value ==
          Approx(0.125));
}

TEST_CASE("people are measured against each other where several drew", "[crop_figures]") {
    const std::vector<std::vector<Box>> people{{{0, 0, 1, 1}, {0, 0, 0.5, 1}}, {{0, 0, 1, 1}}};
    CHECK(people_figures(people)[0].value == Approx(0.5));
}

TEST_CASE("photos without people's boxes are refused", "[crop_figures]") {
    const std::vector<Box> one{{0, 0, 1, 1}};
    CHECK_THROWS_AS(box_figures(one, std::vector<std::vector<Box>>{{}}, one), Error);
}

TEST_CASE("top accuracy counts returned crops among the best ones", "[crop_figures]") {
    const std::vector<double> given{5, 4, 3, 2, 1};
    CHECK(top_accuracy(given, given, 2, 2) == 1);
    CHECK(top_accuracy(std::vector<double>{1, 2, 3, 4, 5}, given, 2, 2) == 0);
    CHECK(top_accuracy(std::vector<double>{5, 1, 4, 2, 3}, given, 2, 2) == Approx(0.5));
    CHECK(std::isnan(top_accuracy({}, {}, 1, 1)));
}
