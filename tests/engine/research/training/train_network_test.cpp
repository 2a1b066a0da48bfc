#include <algorithm>
#include <iterator>

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>

#include <piaa/error.h>
#include <piaa/research/train_network.h>
#include <piaa/statistics.h>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/small_network.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

std::string bytes_of(const fs::path& file) {
    fs::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

Model seeing_64_pixels(const fs::path& file) {
    BackboneOptions options;
    options.input_side = 64;
    return load_backbone(file, options);
}

/// Squares whose bright part has a size and a place, and people who like brightness.
struct Sample {
    test::TemporaryFolder folder;
    Model model;
    std::vector<Image> photos;
    RatedPhotos rated;
    GenericHead head;

    Sample() : model(seeing_64_pixels(test::write_tiny_model(folder.path()))) {
        for (int i = 0; i < 30; ++i) {
            photos.push_back(test::bright_picture(i, {80, 80}));
            double sum = 0;
            for (const auto value : photos.back().pixels()) sum += value;
            const double brightness = sum / (255.0 * static_cast<double>(photos.back().pixels().size()));
            rated.ratings.push_back(
                ScoreDistribution::truncated_normal_with_mean(1, 7, 7, 1 + 6 * brightness, 1));
            rated.groups.push_back(std::to_string(i));
        }
        rated.features = extract_features(model, photos);
        head = train_head(model, rated);
        // A head that has yet to learn.
        std::fill(head.mean_weights.begin(), head.mean_weights.end(), 0.F);
    }

    NetworkTrainingOptions options() const {
        NetworkTrainingOptions options;
        options.trained = Trained::all;
        options.epochs = 6;
        options.batch = 8;
        options.head_rate = 0.1;
        options.backbone_rate = 1e-4;
        options.checkpoint = folder.path() / "checkpoint";
        return options;
    }

    NetworkTraining training(const NetworkTrainingOptions& options) const {
        NetworkTraining training(model, head, options);
        for (std::size_t i = 0; i < photos.size(); ++i)
            training.add(photos[i], {rated.ratings[i], {}, -1}, i % 3 == 0);
        return training;
    }
};

}  // namespace

TEST_CASE("training a network lowers the loss and orders photos it has not seen", "[train_network]") {
    const Sample sample;
    NetworkTrainingOptions options = sample.options();
    options.trained = GENERATE(Trained::head, Trained::last, Trained::all);
    options.rank_weight = GENERATE(0.0, 0.3);
    auto training = sample.training(options);
    const auto epochs = training.run();
    REQUIRE(epochs.size() == 6);
    CHECK(epochs.back().loss < epochs.front().loss);
    CHECK(epochs.back().held_out_srocc > 0.9);
    CHECK(epochs.back().held_out_emd < epochs.front().held_out_emd);
}

TEST_CASE("a resumed training writes the bytes of an uninterrupted one", "[train_network]") {
    const Sample sample;
    const NetworkTrainingOptions options = sample.options();
    auto whole = sample.training(options);
    whole.run();
    whole.save(sample.folder.path() / "whole.safetensors", "same");

    fs::remove(options.checkpoint);
    int steps = 0;
    auto interrupted = sample.training(options);
    try {
        interrupted.run(nullptr, [&] { return ++steps < 8; });  // inside the third epoch of three steps
        FAIL("not interrupted");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::cancelled);
    }
    REQUIRE(fs::exists(options.checkpoint));
    NetworkTrainingOptions again = options;
    again.resume = true;
    auto resumed = sample.training(again);
    std::vector<int> reported;
    CHECK(resumed.run([&](const EpochMetrics& epoch) { reported.push_back(epoch.epoch); }).size() == 6);
    CHECK(reported == std::vector<int>{3, 4, 5, 6});
    resumed.save(sample.folder.path() / "resumed.safetensors", "same");
    CHECK(bytes_of(sample.folder.path() / "whole.safetensors") ==
          bytes_of(sample.folder.path() / "resumed.safetensors"));
}

TEST_CASE("the seed decides what a training gives", "[train_network]") {
    const Sample sample;
    const auto trained = [&](std::uint64_t seed) {
        NetworkTrainingOptions options = sample.options();
        options.seed = seed;
        auto training = sample.training(options);
        training.run();
        training.save(sample.folder.path() / "model.safetensors", "same");
        return bytes_of(sample.folder.path() / "model.safetensors");
    };
    const std::string first = trained(1);
    CHECK(first == trained(1));
    CHECK(first != trained(2));
}

TEST_CASE("a trained model that was saved scores as the network did", "[train_network]") {
    const Sample sample;
    auto training = sample.training(sample.options());
    training.run();
    const fs::path file = sample.folder.path() / "trained.safetensors";
    training.save(file, "likes brightness", false);
    const Model loaded = load_model(file.string());
    const auto held_out = training.predict_held_out();
    for (std::size_t i = 0; i < held_out.size(); ++i) {
        const std::vector<Image> photo{sample.photos[3 * i]};
        const auto ratings = predict_ratings(loaded, extract_features(loaded, photo).front());
        CHECK(ratings.mean() == Approx(held_out[i].mean()).margin(1e-3));
        CHECK(ratings.spread() == Approx(held_out[i].spread()).margin(1e-3));
    }
}

TEST_CASE("a checkpoint of another training or a damaged one is refused and kept", "[train_network]") {
    const Sample sample;
    NetworkTrainingOptions options = sample.options();
    auto training = sample.training(options);
    training.run();
    const std::string before = bytes_of(options.checkpoint);
    options.resume = true;
    options.batch = 9;
    auto other = sample.training(options);
    CHECK_THROWS_AS(other.run(), Error);
    CHECK(bytes_of(options.checkpoint) == before);
    fs::ofstream(options.checkpoint) << "text";
    options.batch = 8;
    auto damaged = sample.training(options);
    CHECK_THROWS_AS(damaged.run(), Error);
}

TEST_CASE("a checkpoint belongs to the weights of a backbone, not to its file's name", "[train_network]") {
    Sample sample;
    NetworkTrainingOptions options = sample.options();
    sample.training(options).run();
    options.resume = true;
    CHECK_NOTHROW(sample.training(options).run());

    const fs::path file = sample.model.info().file;
    TensorFile contents = read_tensor_file(file);
    contents.tensors.begin()->second.values.front() += 0.5F;
    write_tensor_file(file, contents, Precision::float32);
    sample.model = seeing_64_pixels(file);
    CHECK_THROWS_AS(sample.training(options).run(), Error);
}
