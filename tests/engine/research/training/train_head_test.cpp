#include <cmath>
#include <iterator>
#include <numeric>

#include <boost/filesystem/fstream.hpp>

#include <piaa/error.h>
#include <piaa/research/train.h>
#include <piaa/statistics.h>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

/// Half black, half grey, so that mean brightness and contrast differ from photo to photo.
Image picture(int number) {
    return test::painted({64, 64}, [=](int x, int) {
        const int value = x < 8 * (1 + number % 7) ? (number * 37) % 256 : 20;
        return test::Colour{value, value, value};
    });
}

double brightness(const Image& image) {
    double sum = 0;
    for (const auto value : image.pixels()) sum += value;
    return sum / static_cast<double>(image.pixels().size()) / 255;
}

BackboneOptions tiny_options() {
    BackboneOptions options;
    options.input_side = 64;
    return options;
}

/// People who rate by brightness, so that the rule is known.
struct Sample {
    test::TemporaryFolder folder;
    Model model = load_backbone(test::write_tiny_model(folder.path()), tiny_options());
    RatedPhotos photos;
    std::vector<double> truth;

    explicit Sample(int count = 40) {
        std::vector<Image> images;
        for (int i = 0; i < count; ++i) {
            images.push_back(picture(i));
            truth.push_back(1 + 6 * brightness(images.back()));
            photos.ratings.push_back(ScoreDistribution::truncated_normal_with_mean(1, 7, 7, truth.back(), 1));
            photos.groups.push_back("theme " + std::to_string(i % 10));
        }
        photos.features = extract_features(model, images);
    }
};

std::vector<double> means_of(const std::vector<ScoreDistribution>& predicted) {
    std::vector<double> means;
    for (const auto& one : predicted) means.push_back(one.mean());
    return means;
}

std::string bytes_of(const fs::path& file) {
    fs::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("training finds the rule that people rate by, on photos it has not seen", "[train]") {
    const Sample sample;
    const auto predicted = means_of(predict_held_out(sample.model, sample.photos));
    CHECK(spearman(predicted, sample.truth) > 0.99);
    const std::vector<double> constant(sample.truth.size(), 3);
    CHECK(mean_squared_error(predicted, sample.truth) < mean_squared_error(constant, sample.truth) / 50);
}

TEST_CASE("a saved model scores as its head was trained", "[train]") {
    const Sample sample;
    const GenericHead head = train_head(sample.model, sample.photos);
    const fs::path file = sample.folder.path() / "new.safetensors";
    save_generic_model(file, sample.model, head, "likes brightness");
    const Model loaded = load_model(file.string());
    CHECK(loaded.info().description == "likes brightness");
    CHECK(loaded.info().preprocessing == "area64");
    int stars[6] = {};
    for (std::size_t i = 0; i < sample.truth.size(); ++i) {
        const auto ratings = predict_ratings(loaded, sample.photos.features[i]);
        CHECK(ratings.mean() == Approx(sample.truth[i]).margin(0.1));
        CHECK(ratings.spread() == Approx(sample.photos.ratings[i].spread()).margin(0.1));
        ++stars[score(loaded, sample.photos.features[i]).stars.value_or(0)];
    }
    CHECK((stars[1] > 0 && stars[3] >= 8 && stars[5] > 0));
}

TEST_CASE("a head that starts from a prior learns what ratings say beyond it", "[train]") {
    Sample sample;
    HeadOptions options;
    options.prior = {std::vector<float>(sample.photos.features.front().pooled.size(), 0.0F), 0.5};
    options.prior.direction.front() = -1;  // likes darkness
    const auto held_out = means_of(predict_held_out(sample.model, sample.photos, {}, options));
    CHECK(spearman(held_out, sample.truth) > 0.99);  // overruled
    const auto file = sample.folder.path() / "prior.safetensors";
    save_generic_model(file, sample.model, train_head(sample.model, sample.photos, {}, options), "prior");
    const Model loaded = load_model(file.string());
    for (std::size_t i = 0; i < sample.truth.size(); ++i)
        CHECK(predict_ratings(loaded, sample.photos.features[i]).mean() ==
              Approx(sample.truth[i]).margin(0.1));

    // It is the prior and what ratings beyond it teach.
    options.prior.deviation = 0.1;
    const auto whole =
        means_of(predict_others(sample.model, sample.photos, sample.photos.features, {}, options));
    std::vector<double> known;
    for (const auto& photo : sample.photos.features) known.push_back(-photo.pooled.front());
    const double mean = std::accumulate(known.begin(), known.end(), 0.0) / static_cast<double>(known.size());
    double square = 0;
    for (const double one : known) square += (one - mean) * (one - mean) / static_cast<double>(known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
        known[i] = 0.1 * (known[i] - mean) / std::sqrt(square);
        sample.photos.ratings[i] =
            ScoreDistribution::truncated_normal_with_mean(1, 7, 7, sample.truth[i] - known[i], 1);
    }
    const auto rest = means_of(predict_others(sample.model, sample.photos, sample.photos.features));
    for (std::size_t i = 0; i < known.size(); ++i) CHECK(whole[i] == Approx(rest[i] + known[i]).margin(1e-3));
}

TEST_CASE("a prior head of another model, or beside a teacher, is refused", "[train]") {
    const Sample sample;
    HeadOptions options;
    options.prior = {{1, 2, 3}, 0.1};
    CHECK_THROWS_WITH(train_head(sample.model, sample.photos, {}, options),
                      ContainsSubstring("prior head has 3 weights and should have"));
    const Teaching teaching{sample.model, sample.photos.features, {}, {}, 0.3};
    CHECK_THROWS_WITH(train_head(sample.model, sample.photos, teaching, options),
                      ContainsSubstring("not both"));
}

TEST_CASE("the same photos and seed give the same bytes", "[train]") {
    const Sample sample;
    for (const char* name : {"a.safetensors", "b.safetensors"})
        save_generic_model(sample.folder.path() / name, sample.model, train_head(sample.model, sample.photos),
                           "same");
    CHECK(bytes_of(sample.folder.path() / "a.safetensors") ==
          bytes_of(sample.folder.path() / "b.safetensors"));
}

TEST_CASE("a teacher's labels help where few photos are rated", "[train]") {
    const Sample few(6);
    const Sample many(40);
    Teaching teaching{few.model, few.photos.features, many.photos.features, many.photos.features, 0.3};
    HeadOptions options;
    options.folds = 3;
    const auto taught =
        means_of(predict_others(few.model, few.photos, many.photos.features, teaching, options));
    CHECK(spearman(taught, many.truth) > 0.95);
    teaching.student.pop_back();
    CHECK_THROWS_AS(predict_others(few.model, few.photos, many.photos.features, teaching, options), Error);
}

TEST_CASE("training refuses lists that do not belong together", "[train]") {
    Sample sample(8);
    sample.photos.groups.pop_back();
    CHECK_THROWS_AS(train_head(sample.model, sample.photos), Error);
    sample.photos.groups.assign(8, "one theme");
    CHECK_THROWS_AS(train_head(sample.model, sample.photos), Error);
    HeadOptions attributes;
    attributes.features.attributes = true;
    CHECK_THROWS_AS(train_head(sample.model, sample.photos, {}, attributes), Error);
}

TEST_CASE("a mirrored contract scores a photo and its mirror image alike", "[train]") {
    const test::TemporaryFolder folder;
    const fs::path file = test::write_tiny_model(folder.path());
    TensorFile contents = read_tensor_file(file);
    auto& weights = contents.tensors.at("backbone.stem.weight").values;
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (i % 8 >= 4) weights[i] = 0;  // sees the left half of each block only
    write_tensor_file(file, contents, Precision::float32);

    const Image left = test::painted({64, 64}, [](int x, int) { return test::Colour{4 * x, 0, 0}; });
    const Image right = test::painted({64, 64}, [](int x, int) { return test::Colour{4 * (63 - x), 0, 0}; });
    const std::vector<Image> both{left, right};
    const auto difference = [&](const Model& model) {
        const auto features = extract_features(model, both, {.keep_maps = true});
        CHECK(features[0].maps[0].at(0, 0)[0] < features[0].maps[0].at(7, 0)[0]);
        return std::abs(features[0].pooled[0] - features[1].pooled[0]);
    };
    BackboneOptions options = tiny_options();
    CHECK(difference(load_backbone(file, options)) > 1e-3);
    options.mirror = true;
    const Model model = load_backbone(file, options);
    CHECK(model.info().preprocessing == "area64-mirror");
    CHECK(difference(model) < 1e-6);
}

TEST_CASE("a backbone needs an architecture and stages that exist", "[train]") {
    const test::TemporaryFolder folder;
    const auto file = test::write_tiny_model(folder.path());
    BackboneOptions options = tiny_options();
    options.stages = {3};
    CHECK_THROWS_AS(load_backbone(file, options), Error);
    CHECK_THROWS_AS(load_backbone(folder.path() / "none.safetensors"), Error);
}
