#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <random>

#include <piaa/adapt.h>
#include <piaa/error.h>
#include <piaa/research/train_pa.h>
#include <piaa/statistics.h>

#include "support/catch.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"
#include "taste/style_network.h"
#include "training/dense_training.h"

using namespace piaa;

namespace {

/// The tiny model's one pooled mean says how bright a photo is; people like bright photos, and so does
/// whoever is extraverted.
struct Album {
    PriorData data{{}, {}, RatingsTable(CsvTable("image,rating\nx,1\n", "none"), {1, 7})};
    LikedFeatures liked;

    explicit Album(int photos = 60, int people = 12) {
        std::mt19937_64 random(3);
        const auto draw = [&] { return static_cast<float>(random() % 10'000) / 10'000; };
        RatingsCollector ratings({1, 7});
        for (int i = 0; i < photos; ++i) {
            Features features;
            features.pooled = {draw(), draw()};
            data.features.push_back(features);
            data.held_out_generic.push_back(1 + 6 * draw());
        }
        for (int person = 0; person < people; ++person) {
            const double taste = person % 2 == 0 ? 2 : -2;
            for (int i = 0; i < photos; ++i)
                ratings.add(
                    std::to_string(person), std::to_string(i),
                    std::clamp(4 + taste * (data.features[i].pooled[0] - 0.5) + draw() - 0.5, 1.0, 7.0));
        }
        data.ratings = ratings.take("album");
        for (int i = 0; i < 100; ++i) {
            Features features;
            features.pooled = {draw(), draw()};
            liked.features.push_back(features);
            for (std::size_t trait = 0; trait < trait_count; ++trait)
                liked.traits.push_back(trait == 2 ? (features.pooled[0] > 0.5F ? 1.0F : -1.0F)
                                                  : std::nanf(""));
        }
    }

    Prior train(TrainPaOptions options = {}) const {
        options.learning_rate = 0.1;
        options.decay = 0.99;
        options.epochs = 200;
        return train_pa(test::tiny_model(), data, liked, options);
    }
};

}  // namespace

TEST_CASE("gradients of dense layers are those of small differences", "[pa]") {
    // Dropout would draw anew at each look, so it stays out.
    for (const bool normalised : {false, true}) {
        std::mt19937_64 random(5);
        TrainableLayer layer({3, 2, normalised, true, 0}, random);
        Eigen::MatrixXf batch(4, 3);
        batch << 1, -2, 0.5, 0.3, 1, -1, -0.7, 0.2, 2, 1.5, -0.4, 0.1;
        Eigen::MatrixXf factor(4, 2);
        factor << 0.3, -1, 2, 0.5, -0.2, 1, 0.7, 0.1;
        layer.forward(batch, random);
        const Eigen::MatrixXf gradient = layer.backward(factor);
        constexpr float step = 1e-2F;
        for (Eigen::Index i = 0; i < batch.size(); ++i) {
            Eigen::MatrixXf up = batch;
            Eigen::MatrixXf down = batch;
            up.data()[i] += step;
            down.data()[i] -= step;
            const float rise = layer.forward(up, random).cwiseProduct(factor).sum() -
                               layer.forward(down, random).cwiseProduct(factor).sum();
            CHECK(gradient.data()[i] == Approx(rise / (2 * step)).margin(0.02));
        }
    }
}

TEST_CASE("a layer with normalisation folds into one that says the same", "[pa]") {
    std::mt19937_64 random(5);
    TrainableLayer layer({3, 2, true, true, 0}, random);
    const Eigen::MatrixXf batch = Eigen::MatrixXf::Random(50, 3);
    Eigen::MatrixXf trained;
    for (int i = 0; i < 200; ++i) trained = layer.forward(batch, random);  // running statistics settle
    const DenseLayer folded = layer.folded();
    for (Eigen::Index i = 0; i < batch.rows(); ++i)
        CHECK((folded(batch.row(i).transpose()) - trained.row(i).transpose()).norm() < 0.02);
}

TEST_CASE("train_pa learns who is liked by whom, and what people like", "[pa]") {
    const Album album;
    const Prior prior = album.train();
    const StyleCheck check = check_style(prior, album.liked);
    CHECK(check.srocc[2] > 0.8);
    CHECK(check.accuracy[2] > 0.9);
    CHECK(check.photos[0] == 0);
    CHECK(std::isnan(check.srocc[0]));
    for (const auto& photo : album.data.features) {
        for (const float axis : style_axes(prior, photo)) CHECK(std::abs(axis) <= 1);
        const auto ratings = style_ratings(prior, photo, 1, 7);
        CHECK(ratings.probabilities().size() == 7);
    }
}

TEST_CASE("without the personality task the axes know nothing of traits", "[pa]") {
    const Album album;
    TrainPaOptions options;
    const double with =
        album.train(options).style() != nullptr ? check_style(album.train(options), album.liked).srocc[2] : 0;
    double most_without = 0;
    options.personality = false;
    for (options.seed = 1; options.seed <= 5; ++options.seed)
        most_without += check_style(album.train(options), album.liked).srocc[2] / 5;
    CHECK(with > most_without);
}

TEST_CASE("the fusion of one person follows their taste along the axes", "[pa]") {
    const Album album;
    const Prior prior = album.train();
    UserProfile profile({"tiny", prior.model(), "tiny-1"});
    for (int i = 0; i < 40; ++i) {
        const auto row = feature_row(test::tiny_model(), prior, album.data.features[i]);
        REQUIRE(row.size() == prior.row_length());
        const std::string id = std::string(60, 'c') + std::to_string(1000 + i);
        profile.set_row(id, row);
        profile.add(
            {FeedbackKind::rating, id, "", album.data.features[i].pooled[0], 0});  // likes bright photos
    }
    const UserProfile learned = adapt(prior, profile, {.method = "pa"});
    std::vector<double> expected;
    std::vector<double> bright;
    for (int i = 40; i < 60; ++i) {
        expected.push_back(
            predict(prior, learned, feature_row(test::tiny_model(), prior, album.data.features[i])).rating);
        bright.push_back(album.data.features[i].pooled[0]);
    }
    CHECK(spearman(expected, bright) > 0.6);
    CHECK_THROWS_AS(adapt(prior, profile, {.method = "mt"}), Error);
}

TEST_CASE("weights on the axes can depend on the photo", "[pa]") {
    Album album;
    std::mt19937_64 random(5);
    for (Features& features : album.data.features)
        features.attributes[0] = static_cast<float>(random() % 10'000) / 10'000;
    const Prior prior = album.train();
    const auto row_of = [&](int i) { return feature_row(test::tiny_model(), prior, album.data.features[i]); };
    // Likes much of the third axis in photos with much of the first attribute, and little of it in others.
    const AttributeNorms& norms = attribute_norms();
    const auto rating = [&](const std::vector<float>& row) {
        const double much = (row[1 + prior.directions()] - norms.mean[0]) / norms.deviation[0];
        return std::clamp(row[0] + 0.1 * much * row[3], 0.0, 1.0);
    };
    UserProfile profile({"tiny", prior.model(), "tiny-1"});
    for (int i = 0; i < 40; ++i) {
        const std::string id = std::string(60, 'c') + std::to_string(1000 + i);
        profile.set_row(id, row_of(i));
        profile.add({FeedbackKind::rating, id, "", rating(row_of(i)), 0});
    }
    const UserProfile constant = adapt(prior, profile, {.method = "pa"});
    const UserProfile by_image = adapt(prior, profile, {.method = "pa-image"});
    double error = 0, constant_error = 0;
    for (int i = 40; i < 60; ++i) {
        const auto row = row_of(i);
        error += std::abs(predict(prior, by_image, row).rating - rating(row));
        constant_error += std::abs(predict(prior, constant, row).rating - rating(row));
    }
    CHECK(error < 0.8 * constant_error);
    CHECK_THROWS_AS(adapt(prior, UserProfile(profile.base()), {.method = "pa-image"}), Error);
}

TEST_CASE("a questionnaire moves the start a little, and ratings outweigh it", "[pa]") {
    const Album album;
    const Prior prior = album.train();
    // The axis along which these people differ most.
    std::size_t axis = 0;
    const auto variance = [&](std::size_t i) { return prior.covariance()[(2 + i) * (prior.weights() + 1)]; };
    for (std::size_t other = 1; other < trait_count; ++other)
        if (variance(other) > variance(axis)) axis = other;
    const auto weight_after = [&](int ratings, double trait) {
        UserProfile profile({"tiny", prior.model(), "tiny-1"});
        for (int i = 0; i < ratings; ++i) {
            const std::string id = std::string(60, 'c') + std::to_string(1000 + i);
            profile.set_row(id, feature_row(test::tiny_model(), prior, album.data.features[i]));
            profile.add({FeedbackKind::rating, id, "", album.data.features[i].pooled[0], 0});
        }
        Traits traits{};
        traits[axis] = trait;
        profile.set_traits(traits);
        return adapt(prior, profile, {.method = "pa"}).learned().tensors.at("weights").values.at(2 + axis);
    };
    const double start = weight_after(2, 1) - weight_after(2, -1);
    CHECK(start > 0);
    CHECK(start < 0.5 * std::sqrt(variance(axis)));
    CHECK(std::abs(weight_after(60, 1) - weight_after(60, -1)) < 0.6 * start);
}

TEST_CASE("a style prior comes back from its file, and a damaged one is refused", "[pa]") {
    const Album album;
    const test::TemporaryFolder folder;
    for (const bool as_published : {false, true}) {
        TrainPaOptions options;
        options.as_published = as_published;
        options.own_generic = !as_published;
        const Prior prior = album.train(options);
        save_prior(folder / "pa.safetensors", prior);
        const Prior back = load_prior(folder / "pa.safetensors");
        CHECK(back.own_generic() == options.own_generic);
        CHECK(feature_row(test::tiny_model(), back, album.data.features[7]) ==
              feature_row(test::tiny_model(), prior, album.data.features[7]));
    }
    auto contents = read_tensor_file(folder / "pa.safetensors");
    contents.tensors.erase("style.personality.0.bias");
    write_tensor_file(folder / "bad.safetensors", contents, Precision::float32);
    CHECK_THROWS_WITH(load_prior(folder / "bad.safetensors"),
                      ContainsSubstring("style.personality.0.bias is missing"));
    contents = read_tensor_file(folder / "pa.safetensors");
    contents.tensors["style.places"].values[0] = 1e6F;
    write_tensor_file(folder / "bad.safetensors", contents, Precision::float32);
    CHECK_THROWS_WITH(load_prior(folder / "bad.safetensors"), ContainsSubstring("should hold places below"));
}

TEST_CASE("the same seed trains the same prior", "[pa]") {
    const Album album;
    TrainPaOptions options;
    const auto row = [&] {
        return feature_row(test::tiny_model(), album.train(options), album.data.features[0]);
    };
    const auto first = row();
    CHECK(row() == first);
    options.seed = 2;
    CHECK(row() != first);
}

TEST_CASE("what is said of a held-out photo does not depend on its own ratings", "[pa]") {
    const Album album;
    PriorData other = album.data;
    RatingsCollector ratings({1, 7});
    for (const auto& row : album.data.ratings.rows()) {
        const auto& image = album.data.ratings.images()[row.image];
        ratings.add(album.data.ratings.raters()[row.rater], image,
                    image == "0" ? 8 - row.rating : row.rating);
    }
    other.ratings = ratings.take("album");
    TrainPaOptions options;
    options.learning_rate = 0.1;
    const auto before = held_out_style_ratings(test::tiny_model(), album.data, album.liked, options);
    const auto after = held_out_style_ratings(test::tiny_model(), other, album.liked, options);
    CHECK(before[0] == after[0]);
    CHECK(before[59] != after[59]);
}
