#include <cmath>
#include <random>
#include <span>
#include <vector>

#include <piaa/error.h>
#include <piaa/features.h>
#include <piaa/research/train_places.h>

#include "model/model_impl.h"
#include "model/places.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"
#include "support/tiny_transformer.h"

using namespace piaa;

namespace {

Features seen(const Model& model, const Image& photo) {
    return extract_features(model, std::span(&photo, 1), {.keep_maps = true}).front();
}

}  // namespace

TEST_CASE("parts of a photo are blurred by the photo's own chance", "[places]") {
    const test::TemporaryFolder folder;
    const Model model =
        load_model(test::write_transformer_model(folder.path(), true).string(), {.device = "cpu"});
    const PlacesTrainer trainer(model, folder / "places.safetensors");
    const Image disc = test::disc({90, 60}, 0.3, 0.4, 0.2, {20, 60, 20}, {240, 200, 90});
    const auto parts = trainer.blur_parts(seen(model, disc), 3);
    REQUIRE(parts.size() == 3);
    CHECK(parts[0].tokens.size() == 32);
    CHECK(parts[0].changes.size() == 2 * 32);
    CHECK(parts[0].tokens != parts[1].tokens);
    const auto again = trainer.blur_parts(seen(model, disc), 3);
    CHECK(again[2].tokens == parts[2].tokens);
    CHECK(again[2].changes == parts[2].changes);

    // A plain photo has nothing that could be blurred.
    for (const BlurredPart& part : trainer.blur_parts(seen(model, test::plain({90, 60}, {90, 90, 90})), 2))
        for (const float change : part.changes) CHECK(std::abs(change) < 1e-3F);
}

TEST_CASE("what places do to class tokens is learned from blurred parts", "[places]") {
    const test::TemporaryFolder folder;
    const Model model =
        load_model(test::write_transformer_model(folder.path(), true).string(), {.device = "cpu"});
    // Each number of the class tokens follows one of the tokens' numbers.
    std::mt19937 random(1);
    std::normal_distribution<float> noise(0, 1);
    const auto file = folder / "places.safetensors";
    PlacesTrainer trainer(model, file);
    for (int photo = 0; photo < 60; ++photo) {
        if (photo == 9) CHECK_THROWS_WITH(trainer.learn(), ContainsSubstring("here are 9"));
        std::vector<BlurredPart> parts;
        for (int i = 0; i < 20; ++i) {
            BlurredPart part{std::vector<float>(32), std::vector<float>(64)};
            for (float& value : part.tokens) value = 0.1F * noise(random);
            for (std::size_t k = 0; k < part.changes.size(); ++k)
                part.changes[k] = 2 * part.tokens[k / 2] + 0.01F * noise(random);
            parts.push_back(std::move(part));
        }
        trainer.add(std::move(parts));
    }
    const PlacesLesson lesson = trainer.learn();
    CHECK(lesson.photos == 60);
    CHECK(lesson.correlation > 0.9);
    CHECK(lesson.by_reading < 0.5);

    const TokenReading places = read_places(file).at(model.info().hash);
    std::vector<double> head(model.impl().pooled_size(), 0);
    head[head.size() - 64 + 1] = 1;
    const std::vector<double> weights = places.by_way_of(head);
    CHECK(weights[0] == Approx(2).margin(0.3));
    CHECK(std::abs(weights[1]) < 0.3);
    CHECK(shipped_places(model) == nullptr);  // it is not among the shipped ones
}

TEST_CASE("places are refused for a model without class tokens, and beside what is none", "[places]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "places.safetensors";
    CHECK_THROWS_WITH(PlacesTrainer(test::tiny_model(), file), ContainsSubstring("has no class tokens"));
    const Model model =
        load_model(test::write_transformer_model(folder.path(), true).string(), {.device = "cpu"});
    CHECK_THROWS_WITH(PlacesTrainer(model, folder / "small.safetensors"),
                      ContainsSubstring("small.safetensors: says nothing of places"));
}

TEST_CASE("each shipped model with class tokens has its places", "[places]") {
    for (const ModelInfo& info : list_models()) {
        INFO(info.name);
        const Model model = load_model(info.name, {.device = "cpu"});
        CHECK((shipped_places(model) != nullptr) == model.impl().has_class_tokens());
    }
}
