#include "support/map_quality.h"

#include <cmath>
#include <numeric>
#include <random>

#include <boost/filesystem.hpp>

#include <piaa/piaa.h>

#include "explain/score_head.h"
#include "model/model_impl.h"
#include "photos/image_file.h"
#include "photos/photo_list.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

std::vector<Image> photos(int count) {
    const auto all = cli::list_photos({PIAA_SHARED_DATA "/oasis/images"}).photos;
    std::vector<Image> chosen;
    for (int i = 0; i < count; ++i)
        chosen.push_back(cli::read_full_image(all[(all.size() - 1) * i / (count - 1)].file));
    return chosen;
}

Features features_of(const Model& model, const Image& image) {
    return seen_both_ways(model, extract_features(model, std::span(&image, 1), {.keep_maps = true}).front());
}

/// What lies inside the border, where the zeros around a photo do not reach far.
std::vector<double> inside(const Heatmap& map, bool mirrored = false) {
    std::vector<double> values;
    const int border = std::min(map.size.width, map.size.height) / 8;
    for (int y = border; y < map.size.height - border; ++y)
        for (int x = border; x < map.size.width - border; ++x)
            values.push_back(map.at(mirrored ? map.size.width - 1 - x : x, y));
    return values;
}

double deviation(const std::vector<double>& values) {
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

TEST_CASE("on photos, the map and its constants are the expected score", "[maps]") {
    for (const char* name : {"best", "lite"}) {
        const Model model = load_model(name);
        const ScoreHead head = generic_head(model);
        for (const Image& photo : photos(3)) {
            const Features features = features_of(model, photo);
            const double expected = std::inner_product(features.pooled.begin(), features.pooled.end(),
                                                       head.pooled.begin(), head.constant);
            CHECK(make_heatmap(model, features).total() == Approx(expected).margin(1e-3));
        }
    }
}

TEST_CASE("a flipped photo has a flipped map", "[maps]") {
    // Not to the last digit: the second look is at the small picture. Of lite it is not true, its
    // convolutions pad at one side.
    const Model model = load_model(GENERATE("best", "fast"));
    for (const Image& photo : photos(8)) {
        const auto map = inside(make_heatmap(model, features_of(model, photo)));
        const auto of_flipped = inside(make_heatmap(model, features_of(model, test::flipped(photo))), true);
        CHECK(pearson(map, of_flipped) >= 0.95);
    }
}

// Not quite flat: what zeros stand for beyond the border reaches every place of the deepest stage.
TEST_CASE("a flat photo's map is flat beside a real photo's", "[maps]") {
    const Model model = load_model("lite");
    double usual = 0;
    for (const Image& photo : photos(3))
        usual += deviation(inside(make_heatmap(model, features_of(model, photo)))) / 3;
    const Image flat({500, 400}, std::vector<std::uint8_t>(500 * 400 * 3, 128));
    CHECK(deviation(inside(make_heatmap(model, features_of(model, flat)))) < 0.5 * usual);
}

TEST_CASE("shuffled weights destroy the map of a photo", "[maps]") {
    const Model model = load_model(GENERATE("best", "lite"));
    ScoreHead head = generic_head(model);
    const ScoreHead trained = head;
    // Each stage's means and deviations among themselves, so that only which channel counts is lost.
    std::mt19937 random(3);
    auto first = head.pooled.begin();
    for (const Stage& stage : model.impl().stages)
        for (int part = 0; part < (stage.deviations ? 2 : 1); ++part, first += stage.channels)
            std::shuffle(first, first + stage.channels, random);
    double likeness = 0;
    for (const Image& photo : photos(4)) {
        const Features features = features_of(model, photo);
        likeness += pearson(inside(class_activation_map(model, trained, features)),
                            inside(class_activation_map(model, head, features))) /
                    4;
    }
    CHECK(std::abs(likeness) < 0.5);
}

TEST_CASE("places in the map's order move the score of photos more than chance", "[maps]") {
    const Model model = load_model(GENERATE("best", "lite"));
    double by_map = 0;
    double by_chance = 0;
    unsigned seed = 0;
    for (const Image& photo : photos(6)) {
        const Heatmap map = make_heatmap(model, features_of(model, photo));
        INFO(model.info().name);
        by_map += test::insertion_over_deletion(model, photo, test::blocks_by(map), 3);
        by_chance += test::insertion_over_deletion(model, photo, test::blocks_by_chance(++seed), 3);
    }
    CHECK(by_map > by_chance + 3);  // half a point a photo
}
