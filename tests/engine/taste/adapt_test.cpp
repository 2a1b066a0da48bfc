#include <Eigen/Dense>
#include <algorithm>
#include <numeric>

#include <piaa/error.h>
#include <piaa/statistics.h>

#include "support/catch.h"
#include "support/taste.h"

using namespace piaa;
using namespace piaa::test;

namespace {

const Prior prior = small_prior();

std::vector<float> weights_of(const UserProfile& profile) {
    return profile.learned().tensors.at("weights").values;
}

/// A person who follows the crowd and likes the first direction, in so many ratings.
UserProfile somebody(const Album& album, int ratings, double taste = 1) {
    UserProfile profile = empty_profile();
    for (int i = 0; i < ratings; ++i) rate(profile, album, i, std::clamp(album.liking(i, taste), 0.0, 1.0));
    return profile;
}

std::vector<double> predictions(const UserProfile& profile, const Album& album, int from = 0) {
    std::vector<double> all;
    for (int i = from; i < album.size(); ++i) all.push_back(predict(prior, profile, album.row(i)).rating);
    return all;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
    REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
    return largest;
}

}  // namespace

TEST_CASE("adapt with ratings gives the normal posterior of its formula", "[adapt]") {
    const Album album(prior, 12);
    const UserProfile learned = adapt(prior, somebody(album, 12));

    // S = (S0^-1 + X'X/s2)^-1, m = S (S0^-1 m0 + X'y/s2), the weight-space form that adapt() does not use.
    Eigen::MatrixXd x(12, 5);
    Eigen::VectorXd y(12);
    for (int i = 0; i < 12; ++i) {
        const auto& row = album.row(i);
        x.row(i) << 1, row[0] - prior.centre(), row[1], row[2], row[3];
        y[i] = std::clamp(album.liking(i), 0.0, 1.0);
    }
    const Eigen::MatrixXd before =
        Eigen::Map<const Eigen::MatrixXd>(prior.covariance().data(), 5, 5).inverse();
    const Eigen::VectorXd start = Eigen::Map<const Eigen::VectorXd>(prior.mean().data(), 5);
    const Eigen::MatrixXd covariance = (before + x.transpose() * x / prior.noise()).inverse();
    const Eigen::VectorXd mean = covariance * (before * start + x.transpose() * y / prior.noise());
    const auto weights = weights_of(learned);
    const auto& spread = learned.learned().tensors.at("covariance").values;
    for (int i = 0; i < 5; ++i) {
        CHECK(weights[i] == Approx(mean[i]).margin(1e-6));
        for (int j = 0; j < 5; ++j) CHECK(spread[5 * i + j] == Approx(covariance(i, j)).margin(1e-6));
    }
}

TEST_CASE("held-out agreement is what learning again without each rating gives", "[adapt]") {
    const Album album(prior, 15);
    const UserProfile learned = adapt(prior, somebody(album, 15));
    const double gate = learned.learned().number("gate");

    std::vector<double> blended;
    std::vector<double> generic;
    std::vector<double> given;
    for (int i = 0; i < 15; ++i) {
        UserProfile others = somebody(album, 15);
        others.forget(photo_id(i));
        const auto weights = weights_of(adapt(prior, others));
        const auto& row = album.row(i);
        double personal = weights[1] * (row[0] - prior.centre());
        for (int d = 0; d < 3; ++d) personal += weights[2 + d] * row[1 + d];
        generic.push_back(row[0]);
        blended.push_back(row[0] + gate * (personal - row[0]));
        given.push_back(std::clamp(album.liking(i), 0.0, 1.0));
    }
    REQUIRE(learned.learned().agreement);
    const Agreement agreement = *learned.learned().agreement;
    CHECK(agreement.value == Approx(spearman(blended, given)).margin(1e-9));
    CHECK(agreement.gain == Approx(spearman(blended, given) - spearman(generic, given)).margin(1e-9));
    CHECK(agreement.low < agreement.value);
    CHECK(agreement.high > agreement.value);
    CHECK(agreement.photos == 15);
}

TEST_CASE("adapt learns what a person likes and the generic score does not know", "[adapt]") {
    const Album album(prior, 300);
    const UserProfile learned = adapt(prior, somebody(album, 60));
    std::vector<double> generic;
    std::vector<double> liking;
    for (int i = 60; i < album.size(); ++i) {
        generic.push_back(album.row(i)[0]);
        liking.push_back(album.liking(i));
    }
    CHECK(spearman(predictions(learned, album, 60), liking) > 0.98);
    CHECK(spearman(generic, liking) < 0.9);
    CHECK(learned.learned().number("gate") == Approx(1));
    CHECK(learned.learned().agreement->gain_low > 0);
}

TEST_CASE("The order of events does not matter", "[adapt]") {
    const Album album(prior, 20);
    UserProfile forwards = empty_profile();
    UserProfile backwards = empty_profile();
    for (int i = 0; i < 10; ++i) rate(forwards, album, i, i % 5 / 4.0);
    for (int i = 10; i < 19; ++i) prefer(forwards, album, i, i + 1);
    for (int i = 18; i >= 10; --i) prefer(backwards, album, i, i + 1);
    for (int i = 9; i >= 0; --i) rate(backwards, album, i, i % 5 / 4.0);
    CHECK(adapt(prior, forwards).learned() == adapt(prior, backwards).learned());
}

TEST_CASE("A rating that was taken back is as if it had never been given", "[adapt]") {
    const Album album(prior, 12);
    UserProfile changed = adapt(prior, somebody(album, 12));
    changed.forget(photo_id(11));
    CHECK(adapt(prior, changed).learned() == adapt(prior, somebody(album, 11)).learned());
}

TEST_CASE("Comparisons teach the same taste as ratings", "[adapt]") {
    const Album album(prior, 200);
    UserProfile compared = empty_profile();
    for (int i = 0; i + 1 < 120; i += 2) {
        const bool first = album.liking(i) > album.liking(i + 1);
        prefer(compared, album, first ? i : i + 1, first ? i + 1 : i);
    }
    const auto by_pairs = predictions(adapt(prior, compared), album, 120);
    const auto by_ratings = predictions(adapt(prior, somebody(album, 60)), album, 120);
    CHECK(spearman(by_pairs, by_ratings) > 0.9);
}

TEST_CASE("One comparison moves belief as the probit says", "[adapt]") {
    const Album album(prior, 2);
    UserProfile profile = empty_profile();
    prefer(profile, album, 0, 1);
    const auto weights = weights_of(adapt(prior, profile));

    // The exact mean along the difference, by adding up over a fine grid.
    Eigen::VectorXd x(5);
    x << 0, album.row(0)[0] - album.row(1)[0], album.row(0)[1] - album.row(1)[1],
        album.row(0)[2] - album.row(1)[2], album.row(0)[3] - album.row(1)[3];
    const Eigen::VectorXd start = Eigen::Map<const Eigen::VectorXd>(prior.mean().data(), 5);
    const Eigen::MatrixXd covariance = Eigen::Map<const Eigen::MatrixXd>(prior.covariance().data(), 5, 5);
    const double mean = x.dot(start);
    const double deviation = std::sqrt(x.dot(covariance * x));
    double mass = 0;
    double sum = 0;
    for (int i = -6000; i <= 6000; ++i) {
        const double u = mean + deviation * i / 1000;
        const double density =
            std::exp(-0.5 * i * i / 1e6) * std::erfc(-u / std::sqrt(2 * prior.noise()) / std::sqrt(2.0));
        mass += density;
        sum += density * u;
    }
    double learned = 0;
    for (int i = 0; i < 5; ++i) learned += x[i] * weights[i];
    CHECK(learned == Approx(sum / mass).epsilon(1e-4));
}

TEST_CASE("The gate closes on ratings that say nothing of taste", "[adapt]") {
    const Album album(prior, 400);
    int closer_to_generic = 0;
    double mean_gate = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        std::mt19937_64 random(seed);
        UserProfile profile = empty_profile();
        // Ratings of the crowd's taste and much noise, more than the prior expects.
        for (int i = 0; i < 100; ++i)
            rate(profile, album, i,
                 std::clamp(album.row(i)[0] + 0.9 * (random() % 1000 / 1000.0 - 0.5), 0.0, 1.0));
        const UserProfile learned = adapt(prior, profile);
        const double gate = learned.learned().number("gate");
        mean_gate += gate / 20;
        std::vector<double> generic;
        for (int i = 100; i < 400; ++i) generic.push_back(album.row(i)[0]);
        const auto weights = weights_of(learned);
        std::vector<double> ungated;
        for (int i = 100; i < 400; ++i)
            ungated.push_back(weights[1] * album.row(i)[0] + weights[2] * album.row(i)[1] +
                              weights[3] * album.row(i)[2] + weights[4] * album.row(i)[3]);
        closer_to_generic +=
            spearman(predictions(learned, album, 100), generic) >= spearman(ungated, generic) - 1e-9;
    }
    CHECK(mean_gate < 0.6);
    CHECK(closer_to_generic == 20);
}

TEST_CASE("With nothing to learn from, the generic score is returned", "[adapt]") {
    const Album album(prior, 10);
    UserProfile nothing = empty_profile();
    UserProfile equal = empty_profile();
    for (int i = 0; i < 10; ++i) rate(equal, album, i, 0.75);
    UserProfile single = empty_profile();
    rate(single, album, 0, 1);
    for (const UserProfile& profile : {nothing, equal, single}) {
        const UserProfile learned = adapt(prior, profile);
        const PersonalPrediction prediction = predict(prior, learned, album.row(3));
        CHECK(prediction.rating == Approx(album.row(3)[0]));
        CHECK(prediction.trust == 0);
        CHECK_FALSE(learned.learned().agreement);
    }
}

TEST_CASE("Two ratings already move the score a little", "[adapt]") {
    const Album album(prior, 10);
    UserProfile profile = empty_profile();
    rate(profile, album, 0, 0);
    rate(profile, album, 1, 1);
    const UserProfile learned = adapt(prior, profile);
    const PersonalPrediction prediction = predict(prior, learned, album.row(5));
    CHECK(prediction.rating != Approx(album.row(5)[0]).margin(1e-6));
    CHECK(prediction.trust > 0);
    CHECK(prediction.trust < 1);
}

TEST_CASE("Ratings of one photo that disagree count as their mean", "[adapt]") {
    const Album album(prior, 6);
    UserProfile twice = somebody(album, 5);
    rate(twice, album, 5, 0.2);
    rate(twice, album, 5, 0.8);
    UserProfile once = somebody(album, 5);
    rate(once, album, 5, 0.5);
    CHECK(largest_difference(weights_of(adapt(prior, twice)), weights_of(adapt(prior, once))) < 1e-6);
}

TEST_CASE("More ratings make a profile surer of itself", "[adapt]") {
    const Album album(prior, 100);
    double trust = 0;
    double ten_more = 1;
    for (const int count : {5, 20, 80}) {
        const UserProfile learned = adapt(prior, somebody(album, count));
        const double now = predict(prior, learned, album.row(99)).trust;
        CHECK(now > trust);
        CHECK(learned.learned().number("ten_more") < ten_more);
        CHECK(learned.learned().number("ten_more") >= 0);
        trust = now;
        ten_more = learned.learned().number("ten_more");
    }
}

TEST_CASE("Every method learns from ratings and predicts with what it learned", "[adapt]") {
    const Album album(prior, 120);
    AdaptOptions options;
    options.start = prior.mean();
    for (const std::string& method : adapt_methods()) {
        INFO(method);
        // fpmf knows nothing of the directions that these people go by; pa and mt start from a style network.
        if (method == "fpmf" || method == "pa" || method == "pa-image" || method == "mt") continue;
        options.method = method;
        const UserProfile learned = adapt(prior, somebody(album, 80), options);
        CHECK(learned.learned().method == method);
        std::vector<double> liking;
        for (int i = 80; i < 120; ++i) liking.push_back(album.liking(i));
        CHECK(spearman(predictions(learned, album, 80), liking) > 0.7);
    }
}

TEST_CASE("The methods that look at attributes learn who likes warm photos", "[adapt]") {
    const Album album(prior, 120);
    constexpr std::size_t warmth = static_cast<std::size_t>(Attribute::warmth);
    const AttributeNorms& norms = attribute_norms();
    const auto row_of = [&](int photo) {
        auto row = album.row(photo);
        // Warmth as far from the usual as the photo goes along a direction that nothing else shows.
        row[1 + prior.directions() + warmth] = norms.mean[warmth] + 4 * norms.deviation[warmth] * row[2];
        return row;
    };
    for (const char* method : {"pam", "fpmf"}) {
        INFO(method);
        UserProfile profile = empty_profile();
        for (int i = 0; i < 80; ++i) {
            profile.set_row(photo_id(i), row_of(i));
            profile.add({FeedbackKind::rating, photo_id(i), "", std::clamp(0.5 + row_of(i)[2], 0.0, 1.0), 0});
        }
        const UserProfile learned = adapt(prior, profile, {.method = method});
        REQUIRE(learned.learned().agreement);
        CHECK(learned.learned().agreement->gain > 0.2);
        std::vector<double> expected, liked;
        for (int i = 80; i < 120; ++i) {
            expected.push_back(predict(prior, learned, row_of(i)).rating);
            liked.push_back(row_of(i)[2]);
        }
        CHECK(spearman(expected, liked) > 0.6);
        // What was learned is in the file.
        const UserProfile again = parse_profile(profile_bytes(learned), "me.pt");
        CHECK(predict(prior, again, row_of(100)).rating == predict(prior, learned, row_of(100)).rating);
    }
    const Prior plain = changed(prior, [](PriorParts& parts) { parts.content.reset(); });
    CHECK_THROWS_AS(adapt(plain, somebody(album, 10), {.method = "pam"}), Error);
}

TEST_CASE("Methods without a place for comparisons say so", "[adapt]") {
    const Album album(prior, 2);
    UserProfile profile = empty_profile();
    prefer(profile, album, 0, 1);
    CHECK_THROWS_AS(adapt(prior, profile, {.method = "ridge"}), Error);
    CHECK_THROWS_AS(adapt(prior, profile, {.method = "nonsense"}), Error);
    CHECK_THROWS_AS(adapt(prior, somebody(album, 2), {.method = "blg"}), Error);
}

TEST_CASE("A profile learned with another prior is refused", "[adapt]") {
    const Album album(prior, 6);
    const UserProfile learned = adapt(prior, somebody(album, 6));
    const Prior other = changed(prior, [](PriorParts& parts) { parts.hash = std::string(64, 'e'); });
    CHECK_THROWS_AS(predict(other, learned, album.row(0)), Error);
    CHECK_THROWS_AS(predict(prior, empty_profile(), album.row(0)), Error);
    CHECK_THROWS_AS(predict(prior, learned, std::vector<float>(3)), Error);
}
