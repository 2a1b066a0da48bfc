#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <piaa/piaa.h>

#include "model/model_impl.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/taste.h"
#include "support/tiny_model.h"

using namespace piaa;

namespace {

Features features_of(const Image& image) {
    return extract_features(test::tiny_model(), std::span(&image, 1), {.keep_maps = true}).front();
}

Heatmap map_of(const Image& image) {
    return make_heatmap(test::tiny_model(), features_of(image));
}

std::vector<float> random_values(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random() % 2000) / 1000 - 1;
    return values;
}

/// A model of two stages whose head weighs means and deviations at random; it has no network.
std::shared_ptr<Model::Impl> random_head() {
    auto data = std::make_shared<Model::Impl>();
    data->info.scale_low = 1;
    data->info.scale_high = 7;
    data->stages = {{.channels = 12}, {.channels = 20}};
    data->feature_mean = random_values(64, 1);
    data->feature_deviation = std::vector<float>(64, 1);
    data->mean_head = {random_values(64, 2), 4};
    return data;
}

/// What random_head() would be given of a photo.
Features random_features() {
    Features features;
    features.maps = {{8, 6, 12, random_values(8 * 6 * 12, 3)}, {4, 3, 20, random_values(4 * 3 * 20, 4)}};
    for (const FeatureMap& map : features.maps) {
        std::vector<double> sums(map.channels), squares(map.channels);
        for (std::size_t i = 0; i < map.values.size(); ++i) {
            sums[i % map.channels] += map.values[i];
            squares[i % map.channels] += std::pow(map.values[i], 2);
        }
        const double places = map.width * map.height;
        for (const double sum : sums) features.pooled.push_back(static_cast<float>(sum / places));
        for (int c = 0; c < map.channels; ++c)
            features.pooled.push_back(static_cast<float>(std::sqrt(
                squares[c] / places - std::pow(sums[c] / places, 2) + static_cast<double>(variance_floor))));
    }
    return features;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
    const std::vector<double> left(a.begin(), a.end());
    const std::vector<double> right(b.begin(), b.end());
    return pearson(left, right);
}

std::vector<float> mirrored(const Heatmap& map) {
    std::vector<float> values;
    for (int y = 0; y < map.size.height; ++y)
        for (int x = map.size.width - 1; x >= 0; --x) values.push_back(map.at(x, y));
    return values;
}

Image bright_discs() {
    return test::painted({96, 64}, [](int x, int y) {
        const auto near = [&](int cx, int cy) { return std::hypot(x - cx, y - cy) < 14; };
        const int value = near(24, 20) ? 240 : near(70, 44) ? 180 : 30 + (x + y) % 9;
        return test::Colour{value, value, value};
    });
}

/// The area under the score while places of the photo are blackened one after the other.
double score_under_deletion(const Image& photo, const Heatmap& map, const std::vector<int>& order) {
    std::vector<std::uint8_t> pixels(photo.pixels().begin(), photo.pixels().end());
    double area = 0;
    for (const int place : order) {
        const int left = place % map.size.width * photo.width() / map.size.width;
        const int top = place / map.size.width * photo.height() / map.size.height;
        for (int y = top; y < top + photo.height() / map.size.height; ++y)
            for (int x = left; x < left + photo.width() / map.size.width; ++x)
                for (int c = 0; c < 3; ++c)
                    pixels[(static_cast<std::size_t>(y) * photo.width() + x) * 3 + c] = 0;
        area += score(test::tiny_model(), features_of(Image(photo.size(), pixels))).score;
    }
    return area / static_cast<double>(order.size());
}

}  // namespace

TEST_CASE("a heatmap's mean and its constants are the expected score", "[heatmap]") {
    const auto data = random_head();
    const Features features = random_features();
    const double expected = std::inner_product(features.pooled.begin(), features.pooled.end(),
                                               data->mean_head.weights.begin(), data->mean_head.bias);
    const Heatmap map = make_heatmap(Model(data), features);
    CHECK(map.size == Size{8, 6});
    CHECK(map.total() == Approx(1 + 9 * (expected - 1) / 6).margin(1e-3));
    REQUIRE(map.constants.size() == 1);
    CHECK(map.constants[0].name == "average photo");
    CHECK(std::abs(map.mean()) > 0.01);
}

TEST_CASE("a personal heatmap adds up to the personal score, and the difference to what is personal",
          "[heatmap]") {
    const Model model = test::tiny_model();
    PriorParts parts = test::small_prior_parts(2);
    parts.model = model.info().hash;
    parts.projection.assign(2 * parts.inputs, 0);
    parts.projection[0] = 0.8F;                                                              // brightness
    parts.projection[parts.inputs + 2 + static_cast<int>(Attribute::colourfulness)] = 0.5F;  // of the second
    parts.offset = {-0.4F, -0.1F};
    const Prior prior(parts);
    UserProfile profile({"tiny", model.info().hash, "tiny64"});
    Learned learned;
    learned.method = "ridge";
    learned.prior = prior.hash();
    learned.tensors["weights"] = {{4}, {0.6F, 0.9F, -0.3F, 0.7F}};
    learned.numbers = {{"gate", 0.8}, {"noise", 0.02}};
    profile.set_learned(learned);

    // Mid-grey on average, where the tiny model's score is linear before and after it is cut to the scale.
    const Image photo = test::painted({64, 64}, [](int x, int) {
        return x < 32 ? test::Colour{40, 40, 40} : test::Colour{255, 155, 235};
    });
    const Features features = features_of(photo);
    const double expected = 1 + 9 * predict(prior, profile, feature_row(model, prior, features)).rating;
    const Heatmap personal = make_heatmap(model, prior, profile, features);
    const Heatmap difference = make_heatmap(model, prior, profile, features, HeatmapKind::difference);
    const Heatmap generic = make_heatmap(model, prior, profile, features, HeatmapKind::generic);
    CHECK(personal.total() == Approx(expected).margin(0.01));
    CHECK(difference.total() == Approx(personal.total() - generic.total()).margin(1e-3));
    CHECK(generic.values == make_heatmap(model, features).values);
    CHECK(difference.at(7, 4) < difference.at(0, 4));  // this person cares less for brightness
    REQUIRE(personal.constants.size() == 2);
    CHECK(personal.constants[1].name == "colourfulness");
    CHECK(personal.constants[1].points > 0);

    parts.model = std::string(64, 'a');
    CHECK_THROWS_AS(make_heatmap(model, Prior(parts), profile, features), Error);
}

TEST_CASE("other weights give another heatmap", "[heatmap]") {
    const auto data = random_head();
    const auto shuffled = random_head();
    std::shuffle(shuffled->mean_head.weights.begin(), shuffled->mean_head.weights.end(), std::mt19937(5));
    const Features features = random_features();
    const double likeness = correlation(make_heatmap(Model(data), features).values,
                                        make_heatmap(Model(shuffled), features).values);
    CHECK(std::abs(likeness) < 0.5);
}

TEST_CASE("a heatmap shows where the score comes from, in points", "[heatmap]") {
    // The tiny model rates black 1 and white 10 and thinks of mid-grey as average.
    const Image image = test::painted({64, 64}, [](int x, int) {
        const int value = x < 32 ? 0 : 255;
        return test::Colour{value, value, value};
    });
    const Heatmap map = map_of(image);
    CHECK(map.at(0, map.size.height / 2) == Approx(-4.5).margin(0.05));
    CHECK(map.at(map.size.width - 1, map.size.height / 2) == Approx(4.5).margin(0.05));
    CHECK(map.total() == Approx(5.5).margin(0.05));
}

TEST_CASE("flipping the photo flips its heatmap", "[heatmap]") {
    const Image photo = bright_discs();
    CHECK(correlation(map_of(test::flipped(photo)).values, mirrored(map_of(photo))) > 0.95);
}

TEST_CASE("a flat photo has a flat heatmap", "[heatmap]") {
    const Heatmap map = map_of(test::plain({90, 60}, {200, 90, 40}));
    const auto [low, high] = std::minmax_element(map.values.begin(), map.values.end());
    CHECK(*high - *low < 1e-3);
}

TEST_CASE("taking away what the heatmap likes lowers the score faster than chance", "[heatmap]") {
    const Image photo = bright_discs();
    const Heatmap map = map_of(photo);
    std::vector<int> best_first(map.values.size());
    std::iota(best_first.begin(), best_first.end(), 0);
    std::vector<int> chance = best_first;
    std::stable_sort(best_first.begin(), best_first.end(),
                     [&](int a, int b) { return map.values[a] > map.values[b]; });
    std::vector<int> worst_first(best_first.rbegin(), best_first.rend());
    std::shuffle(chance.begin(), chance.end(), std::mt19937(1));
    const double by_chance = score_under_deletion(photo, map, chance);
    CHECK(score_under_deletion(photo, map, best_first) < by_chance - 0.2);
    // The other way round: what is kept longest brings the score back first.
    CHECK(score_under_deletion(photo, map, worst_first) > by_chance + 0.2);
}

TEST_CASE("hiding a part that the model likes costs points there", "[heatmap]") {
    const Heatmap map = occlusion_map(test::tiny_model(), bright_discs(), {.columns = 6, .rows = 4});
    CHECK(map.size == Size{6, 4});
    const auto most = std::max_element(map.values.begin(), map.values.end()) - map.values.begin();
    CHECK(map.values[most] > 0);
    CHECK(map.total() == Approx(score(test::tiny_model(), features_of(bright_discs())).score).margin(0.2));
    CHECK_THROWS_AS(occlusion_map(test::tiny_model(), bright_discs(), {.columns = 0}), Error);
    const Progress stop = [](double) { return false; };
    CHECK_THROWS_AS(occlusion_map(test::tiny_model(), bright_discs(), {.progress = stop}), Error);
}

TEST_CASE("features without maps, or of another model, have no heatmap", "[heatmap]") {
    Features features = features_of(bright_discs());
    CHECK_THROWS_AS(make_heatmap(Model(random_head()), features), Error);
    features.maps.clear();
    CHECK_THROWS_AS(make_heatmap(test::tiny_model(), features), Error);
}

TEST_CASE("an enlarged heatmap keeps its mean and follows the photo's edges", "[heatmap]") {
    // The edge lies at a third; the map, coarser, changes over a broad band around it.
    const Image photo = test::painted({300, 200}, [](int x, int) {
        const int value = x < 100 ? 40 : 210;
        return test::Colour{value, value, value};
    });
    const Heatmap coarse{{4, 2}, {1, 0.2F, -1, -1, 1, 0.2F, -1, -1}, {{"average photo", 5}}};
    const Heatmap fine = guided_upsampling(coarse, photo);
    CHECK(fine.size == photo.size());
    CHECK(fine.total() == Approx(coarse.total()).margin(1e-3));
    const float jump = fine.at(97, 100) - fine.at(102, 100);
    CHECK(jump > 0.4F);
    CHECK(std::abs(fine.at(60, 100) - fine.at(65, 100)) < jump / 4);
}
