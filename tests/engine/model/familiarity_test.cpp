#include "model/familiarity.h"

#include <random>

#include <piaa/error.h>
#include <piaa/research/train_familiarity.h>

#include "support/catch.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;

TEST_CASE("a photo along the training photos' directions is familiar, one across them is not",
          "[familiarity]") {
    const Familiarity model{{1, 0, 0, 0, 1, 0}, 2, 1, 7, 0.5};
    CHECK(model.novelty(std::vector{5.0F, -3.0F, 0.0F}) == 0);
    CHECK(model.novelty(std::vector{5.0F, -3.0F, 3.0F}) == Approx(3));
    CHECK_THROWS_AS(model.novelty(std::vector{1.0F}), Error);
}

TEST_CASE("several models share a file of what they know", "[familiarity]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "familiarity.safetensors";
    write_familiarity(file, {{"aa", {{1, 0, 0, 1}, 2, 1.5, 2, 0.25}}, {"bb", {{1, 0, 0}, 1, 3, 4, 0.5}}});
    const auto read = read_familiarity(file);
    REQUIRE(read.size() == 2);
    CHECK(read.at("aa").rank == 2);
    CHECK(read.at("aa").unlike == 1.5);
    CHECK(read.at("bb").explained == 4);
    CHECK(read.at("bb").mean_error == 0.5);
    CHECK(read.at("bb").directions == std::vector<float>{1, 0, 0});
}

TEST_CASE("familiarity is learned from rated photos", "[familiarity]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "familiarity.safetensors";
    const Model model = test::tiny_model();
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, 1);
    FamiliarityData data;
    // The first number tells the rating; photos of kind b lie off it, and their ratings with them.
    for (int i = 0; i < 200; ++i) {
        const bool odd = i % 5 == 0;
        const double tells = noise(random), off = odd ? 3 + noise(random) : 0.1 * noise(random);
        Features features;
        features.pooled = {static_cast<float>(0.5 + 0.25 * tells), static_cast<float>(off)};
        data.features.push_back(features);
        data.ratings.push_back(ScoreDistribution::truncated_normal_with_mean(
            1, 7, 7, 4 + 0.5 * tells + (odd ? 1.2 * noise(random) : 0), 1.2));
        data.themes.push_back(std::to_string(i / 4));
        data.kinds.push_back(odd ? "b" : i % 2 == 0 ? "a" : "c");
    }
    const auto rows = train_familiarity(model, data, file);
    CHECK(rows.front().photos == 200);
    CHECK(rows.back().novelty >= rows[2].novelty);
    const Familiarity learned = read_familiarity(file).at(model.info().hash);
    CHECK(learned.rank == 2);
    CHECK(learned.explained > 0.1);
    CHECK(learned.explained < 2);
    // What the spread states is what people's ratings scatter about the predicted mean.
    CHECK(rows.front().stated == Approx(rows.front().error).margin(0.1));
    data.features.resize(50);
    CHECK_THROWS_WITH(train_familiarity(model, data, file),
                      ContainsSubstring("needs 100 rated photos and has 50"));
}
