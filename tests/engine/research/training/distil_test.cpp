#include <random>

#include <piaa/error.h>
#include <piaa/research/distil.h>
#include <piaa/research/train.h>
#include <piaa/whole_file.h>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"
#include "support/tiny_transformer.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

constexpr Size photo_size{80, 64};

/// Pictures whose red, green and blue say nothing of each other.
Image coloured_picture(unsigned number) {
    std::mt19937 random(number);
    const int red = static_cast<int>(random() % 200), green = static_cast<int>(random() % 200),
              blue = static_cast<int>(random() % 200);
    return test::painted(photo_size, [=](int x, int y) {
        const int light = (x + y) % 40;
        return test::Colour{red + light, green + light, blue + light};
    });
}

/// The weights of a network of one channel that sees red alone.
fs::path write_red_network(const fs::path& folder) {
    TensorFile network = read_tensor_file(test::write_tiny_model(folder));
    auto& weights = network.tensors.at("backbone.stem.weight").values;
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = i < weights.size() / 3 ? 3 * weights[i] : 0;
    const fs::path file = folder / "red.safetensors";
    write_tensor_file(file, network, Precision::float32);
    return file;
}

/// The tiny model, which sees brightness, teaches a network that sees red.
struct Sample {
    test::TemporaryFolder folder;
    DistilOptions options{.epochs = 30, .batch = 8, .rate = 2e-3, .warm_up = 5};
    std::vector<double> held_out;

    Model student() const {
        BackboneOptions network;
        network.input_side = 64;
        network.model.device = "cpu";
        return load_backbone(write_red_network(folder.path()), network);
    }

    fs::path distilled(const std::string& name, std::uint64_t views = 60) {
        Distillation lesson(test::tiny_model(), std::nullopt, student(), options);
        for (std::uint64_t i = 0; i < views; ++i)
            lesson.add(coloured_picture(static_cast<unsigned>(i)), i, i % 5 == 4);
        held_out.clear();
        lesson.learn([&](const DistilProgress& progress) {
            if (progress.held_out > 0) held_out.push_back(progress.held_out);
            return true;
        });
        lesson.save(folder.path() / name);
        return folder.path() / name;
    }
};

}  // namespace

TEST_CASE("a student learns to see what its teacher sees") {
    Sample sample;
    sample.options.bfloat16 = GENERATE(false, true);
    const fs::path file = sample.distilled("student.safetensors");

    REQUIRE(sample.held_out.size() == 30);
    CHECK(sample.held_out.front() > 0.3);
    CHECK(sample.held_out.back() < 0.75 * sample.held_out.front());
    const TensorFile network = read_tensor_file(file);
    CHECK(network.metadata.at("architecture") == "tiny");
    CHECK(network.metadata.at("source") == "taught by tiny");
    CHECK(network.tensors.size() == 2);  // the layer that it learned with is gone

    BackboneOptions options;
    options.input_side = 64;
    const Model model = load_backbone(file, options);
    const Image pictures[] = {test::painted(photo_size,
                                            [](int, int) {
                                                return test::Colour{90, 90, 90};
                                            }),
                              test::painted(photo_size, [](int, int) {
                                  return test::Colour{90, 190, 90};
                              })};
    const auto seen = extract_features(model, pictures);
    CHECK(seen[1].pooled[0] > seen[0].pooled[0] + 0.01F);  // green is no longer overlooked
}

TEST_CASE("one seed gives one student, another one another") {
    Sample sample;
    const auto first = read_whole_file(sample.distilled("a.safetensors"), max_tensor_file);
    CHECK(read_whole_file(sample.distilled("b.safetensors"), max_tensor_file) == first);
    sample.options.seed = 2;
    CHECK(read_whole_file(sample.distilled("c.safetensors"), max_tensor_file) != first);
}

TEST_CASE("an interrupted distillation says so") {
    Sample sample;
    Distillation lesson(test::tiny_model(), std::nullopt, sample.student(), sample.options);
    for (std::uint64_t i = 0; i < 16; ++i) lesson.add(coloured_picture(static_cast<unsigned>(i)), i, false);
    CHECK_FALSE(lesson.learn([](const DistilProgress&) { return false; }));
}

TEST_CASE("what cannot be distilled is refused") {
    Sample sample;
    CHECK_THROWS_WITH(sample.distilled("few.safetensors", 12),
                      "10 views to learn from; there should be 16 or more");
    test::TinyTransformer().write(sample.folder.path() / "tower.safetensors");
    BackboneOptions options;
    options.squash = true;
    options.input_side = 32;
    const Model tower = load_backbone(sample.folder.path() / "tower.safetensors", options);
    CHECK_THROWS_WITH(Distillation(test::tiny_model(), std::nullopt, tower, {}),
                      ContainsSubstring("cannot be trained here"));
}
