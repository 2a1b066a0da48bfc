#include <cmath>
#include <random>

#include <piaa/error.h>
#include <piaa/research/conventional.h>
#include <piaa/statistics.h>

#include "conventional/bag_of_words.h"
#include "support/catch.h"

using namespace piaa;

namespace {

/// Stripes of this width, upright or lying.
Image stripes(int width, bool upright, int light = 200) {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < 96; ++y)
        for (int x = 0; x < 128; ++x)
            for (int channel = 0; channel < 3; ++channel)
                pixels.push_back(static_cast<std::uint8_t>((upright ? x : y) / width % 2 == 0 ? light : 40));
    return {{128, 96}, pixels};
}

}  // namespace

TEST_CASE("dense SIFT tells upright from lying stripes and not light from dark", "[conventional]") {
    const auto upright = describe_conventionally(stripes(6, true)).descriptors;
    const auto lying = describe_conventionally(stripes(6, false)).descriptors;
    const auto darker = describe_conventionally(stripes(6, true, 150)).descriptors;
    REQUIRE(upright.size() % descriptor_length == 0);
    REQUIRE(upright.size() == lying.size());
    REQUIRE(upright.size() == darker.size());
    const auto difference = [&](const std::vector<std::uint8_t>& other) {
        double sum = 0;
        for (std::size_t i = 0; i < upright.size(); ++i) sum += std::abs(upright[i] - other[i]);
        return sum / static_cast<double>(upright.size());
    };
    CHECK(difference(lying) > 5 * difference(darker));
}

TEST_CASE("a bag of words counts the nearest centres", "[conventional]") {
    RowMatrix centres = RowMatrix::Zero(2, 128);
    centres(0, 0) = 1;
    centres(1, 1) = 1;
    std::vector<std::uint8_t> descriptors(4 * descriptor_length, 0);
    for (const std::size_t i : {0, 1, 2}) descriptors[i * descriptor_length] = 100;
    descriptors[3 * descriptor_length + 1] = 100;
    const auto words = bag_of_words(descriptors, centres);
    CHECK(words[0] == Approx(std::sqrt(0.75)));
    CHECK(words[1] == Approx(std::sqrt(0.25)));
}

TEST_CASE("a Fisher vector says how points pull a mixture", "[conventional]") {
    Mixture mixture{Eigen::VectorXf::Constant(1, 1), RowMatrix::Zero(1, 2), RowMatrix::Ones(1, 2)};
    RowMatrix points(2, 2);
    points << 3, 0, 1, 0;  // mean (2, 0), mean square (5, 0)
    const auto vector = fisher_vector(points, mixture);
    // Before signs and roots: means (2, 0), variances (5 - 1, 0 - 1) / sqrt 2.
    Eigen::VectorXf expected(4);
    expected << std::sqrt(2.0F), 0, std::sqrt(4 / std::sqrt(2.0F)), -std::sqrt(1 / std::sqrt(2.0F));
    CHECK((vector - expected / expected.norm()).norm() < 1e-5);
}

TEST_CASE("the conventional route learns what its features can say", "[conventional]") {
    std::mt19937_64 random(2);
    std::vector<ConventionalPhoto> photos;
    std::vector<double> ratings;
    for (int i = 0; i < 40; ++i) {
        const bool upright = i % 2 == 0;
        photos.push_back(describe_conventionally(
            stripes(4 + static_cast<int>(random() % 4), upright, 120 + static_cast<int>(random() % 100))));
        ratings.push_back(upright ? 5 : 2);
    }
    const std::vector<ConventionalPhoto> training(photos.begin(), photos.begin() + 30);
    const std::vector<ConventionalPhoto> test(photos.begin() + 30, photos.end());
    const std::vector<double> known(ratings.begin(), ratings.begin() + 30);
    const std::vector<double> asked(ratings.begin() + 30, ratings.end());
    const ConventionalOptions options{.words = 8, .mixtures = 4, .directions = 8, .sampled = 2000};
    const auto answers = predict_conventionally(training, known, test, options);
    REQUIRE(answers.size() == 3);
    for (std::size_t i = 1; i < answers.size(); ++i) {  // SIFT sees the direction
        INFO(answers[i].name);
        CHECK(spearman(answers[i].ratings, asked) > 0.8);
    }
    const auto again = predict_conventionally(training, known, test, options);
    for (std::size_t i = 0; i < answers.size(); ++i) CHECK(answers[i].ratings == again[i].ratings);
    CHECK(explain_conventionally(training, known).size() == attribute_count);
    CHECK_THROWS_AS(predict_conventionally({}, {}, {}, options), Error);
}
