#include "model/picture_kinds.h"

#include <random>

#include <piaa/error.h>
#include <piaa/research/train_kinds.h>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;

namespace {

/// The first number says drawn, the second screenshot.
PictureKinds by_hand() {
    return {{{1, 0}, -0.5}, {{0, 1}, 0}};
}

Features with(float first, float second) {
    Features features;
    features.pooled = {first, second};
    return features;
}

}  // namespace

TEST_CASE("a picture is a photo, a graphic or a screenshot", "[kinds]") {
    const auto names = [](float first, float second) {
        return picture_kind(by_hand(), std::vector{first, second}).names();
    };
    CHECK(names(0, 1).empty());
    CHECK(names(1, -1) == std::vector<std::string>{"graphic"});
    CHECK(names(1, 1) == std::vector<std::string>{"screenshot"});
}

TEST_CASE("rules of several networks share a file, and a damaged one is refused", "[kinds]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "kinds.safetensors";
    write_picture_kinds(file, {{"one/a/1", by_hand()}, {"two/b/2", {{{2, 3, 4}, 5}, {{6, 7, 8}, 9}}}});
    const auto read = read_picture_kinds(file);
    REQUIRE(read.size() == 2);
    CHECK(read.at("one/a/1").drawn.weights == by_hand().drawn.weights);
    CHECK(read.at("one/a/1").drawn.bias == -0.5);
    CHECK(read.at("two/b/2").screenshot.bias == 9);

    write_tensor_file(file, {{{"piaa.kinds", "1"}}, {{"one.drawn", {{3}, {1, 2, 3}}}}}, Precision::float32);
    CHECK_THROWS_WITH(read_picture_kinds(file),
                      ContainsSubstring("kinds.safetensors: tensor one.screenshot is missing"));
    write_tensor_file(file, {{}, {{"x", {{1}, {1}}}}}, Precision::float32);
    CHECK_THROWS_WITH(read_picture_kinds(file), ContainsSubstring("holds no rules"));
}

TEST_CASE("kinds are learned such that hardly a photo is taken for anything else", "[kinds]") {
    const test::TemporaryFolder folder;
    KindTrainer trainer(test::tiny_model());
    CHECK_THROWS_WITH(trainer.learn(), ContainsSubstring("need 10 photos, graphics and screenshots each"));
    std::mt19937 random(1);
    std::normal_distribution<float> noise(0, 1);
    for (int i = 0; i < 1000; ++i) trainer.add(with(noise(random), noise(random)), PictureKind::photo);
    for (int i = 0; i < 60; ++i) {
        trainer.add(with(9 + noise(random), -5 + noise(random)), PictureKind::graphic);
        trainer.add(with(9 + noise(random), 5 + noise(random)), PictureKind::screenshot);
    }
    const KindLesson lesson = trainer.learn();
    CHECK(lesson.photos == 1000);
    CHECK(lesson.photos_flagged <= 0.001);
    CHECK(lesson.graphics_found > 0.95);
    CHECK(lesson.screenshots_found > 0.95);
    CHECK(lesson.named_right > 0.98);
    trainer.save(folder / "kinds.safetensors");
    const auto rules = read_picture_kinds(folder / "kinds.safetensors").begin()->second;
    CHECK(picture_kind(rules, std::vector{9.0F, 5.0F}).has(Flag::screenshot));
    CHECK(picture_kind(rules, std::vector{0.0F, 0.0F}).empty());
}
