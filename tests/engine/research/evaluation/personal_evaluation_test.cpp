#include <piaa/error.h>
#include <piaa/research/personal_evaluation.h>

#include "support/catch.h"
#include "support/crowd.h"

using namespace piaa;
using namespace piaa::test;

namespace {

const Prior prior = small_prior();

PersonalEvaluationOptions quick() {
    return {.methods = {"generic", "auto"}, .learned_from = {0, 5, 20}, .repeats = 2};
}

const PersonalMetrics& find(const PersonalEvaluation& evaluation, const std::string& method, int k) {
    for (const auto& metrics : evaluation.metrics)
        if (metrics.method == method && metrics.learned_from == k) return metrics;
    throw std::runtime_error("no metrics of " + method);
}

}  // namespace

TEST_CASE("Learning shows as a gain over the generic score that grows with k", "[evaluation]") {
    const Crowd crowd(prior, 20, 60, {.own = 2, .noise = 0.1});
    const auto evaluation = evaluate_personal(prior, crowd.rows, crowd.ratings(), quick());
    REQUIRE(evaluation.metrics.size() == 6);
    const auto& some = find(evaluation, "auto", 5);
    const auto& more = find(evaluation, "auto", 20);
    CHECK(some.gain > 0.02);
    CHECK(more.gain > some.gain);
    CHECK(more.gain_interval.low > 0);
    CHECK(more.gain_interval.low < more.gain);
    CHECK(more.people == 20);
    CHECK(more.srocc - find(evaluation, "generic", 20).srocc == Approx(more.gain).margin(1e-9));
    CHECK(find(evaluation, "generic", 20).gain == Approx(0));
    CHECK(find(evaluation, "auto", 0).gain == Approx(0));
    REQUIRE(more.gain_by_trust);
    CHECK(more.gain_by_trust->size() == 3);
    CHECK(more.worst_tenth < more.gain);
    CHECK(more.much_worse_share <= more.worse_share);
    CHECK(find(evaluation, "generic", 20).worst_tenth == Approx(0));
}

TEST_CASE("The stated intervals hold what they say when people are as the prior thinks", "[evaluation]") {
    // The variance of the uniform noise below.
    const Prior exact = changed(prior, [](PriorParts& parts) { parts.noise = 0.15 * 0.15 / 3; });
    const Crowd crowd(exact, 40, 80, {.own = 1.5, .noise = 0.15});
    const auto evaluation = evaluate_personal(exact, crowd.rows, crowd.ratings(), quick());
    REQUIRE(find(evaluation, "auto", 20).coverage);
    CHECK(*find(evaluation, "auto", 20).coverage > 0.87);
}

TEST_CASE("The stated intervals widen for people whose ratings stray more than usual", "[evaluation]") {
    const Prior optimistic = changed(prior, [](PriorParts& parts) { parts.noise = 0.005; });
    const Crowd crowd(optimistic, 40, 80, {.own = 1.5, .noise = 0.25});
    auto options = quick();
    options.learned_from = {5, 60};
    const auto evaluation = evaluate_personal(optimistic, crowd.rows, crowd.ratings(), options);
    const double few = *find(evaluation, "auto", 5).coverage;
    const double many = *find(evaluation, "auto", 60).coverage;
    CHECK(many > few + 0.03);
    CHECK(many > 0.8);
}

TEST_CASE("Photos that tell most teach more than photos at random", "[evaluation]") {
    const Prior sharp = changed(prior, [](PriorParts& parts) { parts.noise = 0.01; });
    const Crowd crowd(sharp, 60, 120, {.own = 1.5, .noise = 0.15});
    auto options = quick();
    options.learned_from = {0, 3, 60};
    options.repeats = 4;
    options.test = TestPhotos::fixed;
    const auto random = evaluate_personal(sharp, crowd.rows, crowd.ratings(), options);
    options.asked = AskedPhotos::chosen;
    const auto chosen = evaluate_personal(sharp, crowd.rows, crowd.ratings(), options);
    CHECK(find(chosen, "auto", 3).srocc > find(random, "auto", 3).srocc);
    CHECK(find(chosen, "auto", 0).srocc == Approx(find(random, "auto", 0).srocc).margin(1e-12));
    CHECK(find(chosen, "auto", 60).srocc == Approx(find(random, "auto", 60).srocc).margin(1e-9));
}

TEST_CASE("With the fixed protocol the generic score is tested on the same photos for every k",
          "[evaluation]") {
    const Crowd crowd(prior, 5, 60, {.own = 1, .noise = 0.2});
    auto options = quick();
    options.test = TestPhotos::fixed;
    const auto fixed = evaluate_personal(prior, crowd.rows, crowd.ratings(), options);
    CHECK(find(fixed, "generic", 0).srocc == Approx(find(fixed, "generic", 20).srocc).margin(1e-12));
    const auto rest = evaluate_personal(prior, crowd.rows, crowd.ratings(), quick());
    CHECK(find(rest, "generic", 0).srocc != Approx(find(rest, "generic", 20).srocc).margin(1e-12));
}

TEST_CASE("People whose metrics are undefined are counted and named", "[evaluation]") {
    Crowd crowd(prior, 3, 40, {.noise = 0.1});
    for (int i = 0; i < 40; ++i) crowd.csv += "bored,photo" + std::to_string(i) + ",3\n";
    crowd.csv += "busy,photo0,3\nbusy,photo1,4\n";
    const auto evaluation = evaluate_personal(prior, crowd.rows, crowd.ratings(), quick());
    CHECK(evaluation.undefined == std::vector<std::string>{"bored"});
    CHECK(evaluation.too_few == std::vector<std::string>{"busy"});
    CHECK(find(evaluation, "auto", 5).people == 3);
    CHECK(find(evaluation, "auto", 5).undefined == 1);
}

TEST_CASE("The same seed gives the same evaluation", "[evaluation]") {
    const Crowd crowd(prior, 4, 40, {.own = 1, .noise = 0.1});
    auto options = quick();
    const double first =
        find(evaluate_personal(prior, crowd.rows, crowd.ratings(), options), "auto", 5).srocc;
    CHECK(find(evaluate_personal(prior, crowd.rows, crowd.ratings(), options), "auto", 5).srocc == first);
    options.seed = 2;
    CHECK(find(evaluate_personal(prior, crowd.rows, crowd.ratings(), options), "auto", 5).srocc != first);
}

TEST_CASE("An evaluation that cannot be done says why", "[evaluation]") {
    const Crowd crowd(prior, 2, 10, {});
    auto options = quick();
    CHECK_THROWS_AS(evaluate_personal(prior, crowd.rows, crowd.ratings(), options), Error);
    options.learned_from = {5};
    options.methods = {"magic"};
    CHECK_THROWS_AS(evaluate_personal(prior, crowd.rows, crowd.ratings(), options), Error);
    CHECK_THROWS_AS(evaluate_personal(prior, {}, crowd.ratings(), quick()), Error);
}

TEST_CASE("A method on photos stands beside those on rows, on a sample of the people", "[evaluation]") {
    const Crowd crowd(prior, 20, 40, {.own = 2, .noise = 0.1});
    auto options = quick();
    options.most_raters = 7;
    std::size_t learned = 0;
    // It answers with the first taste direction, whatever was rated, so half of the people disagree.
    options.photo_methods.push_back({"direction", [&](const auto& rated, const auto& asked) {
                                         learned = std::max(learned, rated.size());
                                         std::vector<double> answers;
                                         for (const std::size_t photo : asked)
                                             answers.push_back(crowd.rows[photo][1]);
                                         return answers;
                                     }});
    const auto evaluation = evaluate_personal(prior, crowd.rows, crowd.ratings(), options);
    CHECK(evaluation.metrics.size() == 9);
    CHECK(learned == 20);
    const auto& metrics = find(evaluation, "direction", 20);
    CHECK(metrics.people == 7);
    CHECK(metrics.srocc - find(evaluation, "generic", 20).srocc == Approx(metrics.gain).margin(1e-9));
    CHECK(metrics.srocc < find(evaluation, "auto", 20).srocc);
    CHECK(find(evaluation, "auto", 20).people == 7);
}
