#include <piaa/error.h>
#include <piaa/meta_start.h>
#include <piaa/research/train_blg.h>

#include "support/catch.h"
#include "support/crowd.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::test;

namespace {

const Prior prior = small_prior();

}  // namespace

TEST_CASE("Meta-training finds the taste that all people share", "[blg]") {
    const Crowd crowd(prior, 40, 60, {.shared = 1.0});
    const auto weights =
        train_blg(prior, crowd.rows, crowd.ratings(), {.learning_rate = 0.02, .decay = 1, .epochs = 30});
    REQUIRE(weights.size() == prior.weights());
    CHECK(weights[1] == Approx(1).margin(0.15));
    CHECK(weights[2] == Approx(1).margin(0.2));
    CHECK(std::abs(weights[3]) < 0.2);
}

TEST_CASE("With one task a group and a whole outer step, the common weights are the task's", "[blg]") {
    const Crowd crowd(prior, 1, 30, {});
    TrainBlgOptions options{.tasks = 1, .steps = 1, .learning_rate = 0.01, .epochs = 1};
    const auto whole = train_blg(prior, crowd.rows, crowd.ratings(), options);
    options.outer_rate = 0.5;
    const auto half = train_blg(prior, crowd.rows, crowd.ratings(), options);
    options.outer_rate = 0;
    const auto none = train_blg(prior, crowd.rows, crowd.ratings(), options);
    CHECK(none[1] == Approx(1));
    for (std::size_t i = 0; i < whole.size(); ++i)
        CHECK(half[i] == Approx((whole[i] + none[i]) / 2).margin(1e-12));
    // One step of Adam on support and one on query move each weight by at most twice the rate.
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK(std::abs(whole[i] - none[i]) <= 0.02 + 1e-9);
}

TEST_CASE("The outer step is the mean over the tasks of a group", "[blg]") {
    // Two people of the same mind and photos are as one, whatever their order.
    const Crowd one(prior, 1, 5, {});
    const Crowd two(prior, 2, 5, {.everybody_alike = true});
    const TrainBlgOptions options{.tasks = 2, .steps = 1, .epochs = 1, .support = 4};
    const auto single = train_blg(prior, one.rows, one.ratings(), options);
    const auto pair = train_blg(prior, two.rows, two.ratings(), options);
    double distance = 0;
    for (std::size_t i = 0; i < single.size(); ++i)
        distance = std::max(distance, std::abs(pair[i] - single[i]));
    CHECK(distance <=
          2 * 2 * options.learning_rate);  // a sum in place of the mean would go twice as far as this
}

TEST_CASE("The authors' quirks change the result, the seed decides it", "[blg]") {
    const Crowd crowd(prior, 12, 30, {.shared = 0.5});
    TrainBlgOptions options{.epochs = 2};
    const auto ours = train_blg(prior, crowd.rows, crowd.ratings(), options);
    CHECK(train_blg(prior, crowd.rows, crowd.ratings(), options) == ours);
    options.as_published = true;
    CHECK(train_blg(prior, crowd.rows, crowd.ratings(), options) != ours);
    options.as_published = false;
    options.adam = AdamForm::slide;
    CHECK(train_blg(prior, crowd.rows, crowd.ratings(), options) != ours);
}

TEST_CASE("Meta-trained weights are kept in a file of their prior", "[blg]") {
    const TemporaryFolder folder;
    const auto file = folder / "blg.safetensors";
    const std::vector<double> weights = {0.5, 1, 0.25, 0, -0.125};
    save_blg(file, prior, weights);
    CHECK(load_blg(file, prior) == weights);
    const Prior other = changed(prior, [](PriorParts& parts) { parts.hash = std::string(64, 'd'); });
    CHECK_THROWS_AS(load_blg(file, other), Error);
    CHECK_THROWS_AS(load_blg(folder / "missing.safetensors", prior), Error);
}
