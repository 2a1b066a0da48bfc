#include <stdexcept>
#include <string>
#include <vector>

#include <piaa/error.h>
#include <piaa/liked.h>
#include <piaa/research/teaching_evaluation.h>

#include "support/catch.h"
#include "support/crowd.h"

using namespace piaa;
using namespace piaa::test;

namespace {

const Prior prior = small_prior();

const TeachingMetrics& find(const std::vector<TeachingMetrics>& all, const std::string& way, int answers) {
    for (const auto& metrics : all)
        if (metrics.way == way && metrics.answers == answers) return metrics;
    throw std::runtime_error("no metrics of " + way);
}

}  // namespace

TEST_CASE("liked photos teach less than stars of as many, and more of them teach more", "[evaluation]") {
    const Crowd crowd(prior, 20, 160, {.own = 2, .noise = 0.1});
    const TeachingEvaluationOptions options{.answers = {10, 80}, .repeats = 2};
    const auto metrics = evaluate_liked(prior, crowd.rows, crowd.ratings(), options);
    REQUIRE(metrics.size() == 6);
    for (const int answers : {10, 80}) {
        CHECK(find(metrics, "liked", answers).srocc < find(metrics, "stars", answers).srocc);
        CHECK(find(metrics, "choice", answers).srocc < find(metrics, "stars", answers).srocc);
        CHECK(find(metrics, "liked", answers).people == 20);
    }
    for (const char* way : {"liked", "choice"}) {
        CHECK(find(metrics, way, 80).gain > find(metrics, way, 10).gain + 0.02);
        CHECK(find(metrics, way, 80).gain > 0.05);
    }

    // Everyone's taste, which nothing is better than, is not left far by what is learned of likes.
    const Crowd alike(prior, 20, 160, {.everybody_alike = true});
    const auto same = evaluate_liked(prior, alike.rows, alike.ratings(), options);
    for (const int answers : {10, 80}) CHECK(find(same, "liked", answers).gain > -0.1);

    CHECK_THROWS_AS(evaluate_liked(prior, {}, crowd.ratings(), options), Error);
}

TEST_CASE("a choice is rated as the best of what it was made from", "[evaluation]") {
    const ChoiceRatings half = ratings_of_choice(50, 50), fifth = ratings_of_choice(20, 80);
    CHECK(half.chosen + half.others == Approx(1));
    CHECK(fifth.chosen > half.chosen);
    CHECK(fifth.others > half.others);
    CHECK(fifth.others < 0.5);
    CHECK(0.2 * fifth.chosen + 0.8 * fifth.others == Approx(0.5));  // the mean of all
}
