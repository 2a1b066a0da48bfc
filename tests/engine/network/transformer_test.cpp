#include <algorithm>
#include <cmath>
#include <thread>

#include <piaa/error.h>
#include <piaa/features.h>
#include <piaa/heatmap.h>
#include <piaa/research/train.h>
#include <piaa/score.h>
#include <piaa/sha256.h>
#include <piaa/statistics.h>

#include "model/model_impl.h"
#include "model/region_pooling.h"
#include "network/transformer/levels.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_transformer.h"

using namespace piaa;
using namespace piaa::test;
using transformer::Operations;

namespace {

Image noise(int side, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(side) * side * 3);
    for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(random());
    return Image({side, side}, std::move(pixels));
}

NetworkSpec spec_of(const boost::filesystem::path& weights, const std::string& instructions,
                    bool reference = false) {
    NetworkSpec spec;
    spec.architecture = find_architecture("tiny-transformer");
    spec.stages = {0, 1, 2, 3};
    spec.mean = {127, 127, 127};
    spec.deviation = {64, 64, 64};
    spec.device = "cpu";
    spec.reference = reference;
    spec.weights = weights.string();
    spec.weights_hash = sha256(read_whole_file(weights, max_tensor_file));
    spec.instructions = instructions;
    return spec;
}

bool multiplies_floats(const Operations& level) {
    return level.value_bytes == sizeof(float);
}

/// How one map correlates with the other mirrored.
double mirrored_likeness(const Heatmap& map, const Heatmap& other) {
    std::vector<double> values, put_back;
    for (int y = 0; y < map.size.height; ++y)
        for (int x = 0; x < map.size.width; ++x) {
            values.push_back(map.at(x, y));
            put_back.push_back(other.at(map.size.width - 1 - x, y));
        }
    return pearson(values, put_back);
}

/// Over all tokens of all maps.
double mean_cosine(const std::vector<FeatureMap>& a, const std::vector<FeatureMap>& b) {
    double sum = 0;
    int count = 0;
    for (std::size_t m = 0; m < a.size(); ++m)
        for (std::size_t i = 0; i < a[m].values.size(); i += a[m].channels, ++count) {
            double ab = 0, aa = 0, bb = 0;
            for (int c = 0; c < a[m].channels; ++c) {
                const double x = a[m].values[i + c], y = b[m].values[i + c];
                ab += x * y, aa += x * x, bb += y * y;
            }
            sum += ab / std::sqrt(aa * bb);
        }
    return sum / count;
}

template <typename Number>
struct Aligned {
    explicit Aligned(std::size_t count) : memory(count * sizeof(Number) + 64) {
        const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
        values = reinterpret_cast<Number*>((address + 63) / 64 * 64);
    }
    std::vector<std::byte> memory;
    Number* values;
};

constexpr int in = 128, out = 80;

/// Rows of `in` numbers times whole numbers: for each row, how far a level's results are from the exact sums.
std::vector<double> errors_of(const Operations& level, const std::vector<float>& rows, bool extreme) {
    const auto count = static_cast<int>(rows.size()) / in;
    std::mt19937 random(2);
    Aligned<std::int8_t> weights(in * out);
    for (int i = 0; i < in * out; ++i)
        weights.values[i] = static_cast<std::int8_t>(extreme ? (i / 4 % 2 == 0 ? 127 : -127)
                                                             : static_cast<int>(random() % 255) - 127);
    const std::vector<float> scale(out, 1), bias(out, 0);
    std::vector<std::int32_t> sums(out);
    level.sum(weights.values, in, out, sums.data());
    Aligned<std::byte> values(static_cast<std::size_t>(count + 1) * in * level.value_bytes);
    std::vector<float> row_scale(count + 1);
    std::vector<std::int32_t> zero(count + 1);
    const transformer::Rows taken{values.values, row_scale.data(), zero.data(), in};
    for (int i = 0; i < count; ++i) level.take(&rows[static_cast<std::size_t>(i) * in], taken, i);
    Aligned<float> scratch(static_cast<std::size_t>(in) * 64);
    std::vector<float> result(static_cast<std::size_t>(count) * out);
    level.multiply(taken, count, {weights.values, scale.data(), bias.data(), sums.data(), in, out},
                   transformer::Finish::store, scratch.values, result.data(), out);
    std::vector<double> errors(count);
    for (int i = 0; i < count; ++i)
        for (int o = 0; o < out; ++o) {
            double exact = 0;
            for (int k = 0; k < in; ++k)
                exact += static_cast<double>(rows[static_cast<std::size_t>(i) * in + k]) *
                         weights.values[o / 16 * 16 * in + k / 4 * 64 + o % 16 * 4 + k % 4];
            errors[i] = std::max(errors[i], std::abs(result[static_cast<std::size_t>(i) * out + o] - exact));
        }
    return errors;
}

/// Numbers from 0 to 255, both in each row.
std::vector<float> whole_rows(int count, bool extreme) {
    std::mt19937 random(3);
    std::vector<float> rows(static_cast<std::size_t>(count) * in);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = i % in == 0 ? 0 : i % in == 1 || extreme ? 255 : static_cast<float>(random() % 256);
    return rows;
}

}  // namespace

TEST_CASE("every level of instructions sums products exactly, the largest ones too", "[transformer]") {
    for (const Operations* level : transformer::supported_operations())
        for (const int count : {1, 2, 5, 6, 7, 13})
            for (const bool extreme : {false, true}) {
                INFO(level->name << " with " << count << " rows");
                const auto errors = errors_of(*level, whole_rows(count, extreme), extreme);
                CHECK(std::ranges::max(errors) == 0);
            }
}

TEST_CASE("the class token's row is multiplied with 16 bits where the others have 8", "[transformer]") {
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    for (const Operations* level : transformer::supported_operations()) {
        if (multiplies_floats(*level)) continue;
        for (const int count : {1, 2, 7}) {
            INFO(level->name << " with " << count << " rows");
            std::vector<float> rows(static_cast<std::size_t>(count) * in);
            for (float& number : rows) number = normal(random);
            const auto errors = errors_of(*level, rows, false);
            CHECK(errors[0] < 0.1);  // of sums of some 800
            for (int i = 1; i < count; ++i) CHECK(errors[i] > 20 * errors[0]);
        }
    }
}

TEST_CASE("all levels with whole numbers give the same bits, and all are close to the reference",
          "[transformer]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "weights.safetensors";
    TinyTransformer().write(file);
    for (const int side : {32, 48}) {
        const Image photo = noise(side, 5);
        const auto reference = make_network(spec_of(file, "auto", true), {})->run({&photo, 1}).front();
        REQUIRE(reference.size() == 4);
        std::vector<FeatureMap> whole;
        for (const Operations* level : transformer::supported_operations()) {
            INFO(level->name << " at " << side << " pixels");
            const auto maps = make_network(spec_of(file, level->name), {})->run({&photo, 1}).front();
            REQUIRE(maps.size() == 4);
            CHECK(maps[0].width == side / 8);
            CHECK(maps[3].width == 1);
            CHECK(mean_cosine(maps, reference) > (multiplies_floats(*level) ? .9999 : .998));
            if (multiplies_floats(*level)) continue;
            if (whole.empty()) whole = maps;
            for (std::size_t i = 0; i < maps.size(); ++i) CHECK(maps[i].values == whole[i].values);
        }
    }
}

TEST_CASE("a transformer that is asked for class tokens alone gives the same ones", "[transformer]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "weights.safetensors";
    TinyTransformer().write(file);
    const Image photo = noise(32, 6);
    NetworkSpec spec = spec_of(file, "auto");
    const auto all = make_network(spec, {})->run({&photo, 1}).front();
    spec.stages = {0, 3};
    const auto some = make_network(spec, {})->run({&photo, 1}).front();
    CHECK(some[0].values == all[0].values);
    CHECK(some[1].values == all[3].values);
}

TEST_CASE("a transformer gives the same numbers on many threads", "[transformer]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "weights.safetensors";
    TinyTransformer().write(file);
    const auto network = make_network(spec_of(file, "auto"), {});
    std::vector<Image> photos;
    for (unsigned i = 0; i < 16; ++i) photos.push_back(noise(32, i));
    const auto alone = network->run(photos);
    std::vector<std::vector<FeatureMap>> together(photos.size());
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::size_t i = t; i < photos.size(); i += 4)
                together[i] = network->run({&photos[i], 1}).front();
        });
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < photos.size(); ++i)
        for (std::size_t m = 0; m < 4; ++m) CHECK(together[i][m].values == alone[i][m].values);
}

TEST_CASE("a weights file of another hash, or without a tensor, is refused by name", "[transformer]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "weights.safetensors";
    TinyTransformer weights;
    weights.leave_out("backbone.1.out.bias");
    weights.write(file);
    NetworkSpec spec = spec_of(file, "auto");
    CHECK_THROWS_WITH(make_network(spec, {}), ContainsSubstring("backbone.1.out.bias is missing"));
    spec.weights_hash[0] = spec.weights_hash[0] == '0' ? '1' : '0';
    CHECK_THROWS_WITH(make_network(spec, {}), ContainsSubstring("as the model says"));
    CHECK_THROWS_AS(transformer::find_operations("sse9"), Error);
}

TEST_CASE("a model on a transformer's weights scores, is written small, and its map adds up",
          "[transformer]") {
    const TemporaryFolder folder;
    const bool read = GENERATE(false, true);
    const auto written = write_transformer_model(folder.path(), read);
    CHECK(boost::filesystem::file_size(written) < 9000);

    const Model model = load_model(written.string(), {.device = "cpu"});
    CHECK(model.impl().pooled_size() == 4 * 32);
    const Image photo = noise(100, 7);
    const Features features = extract_features(model, {&photo, 1}, {.keep_maps = true}).front();
    const Heatmap map = make_heatmap(model, features);
    CHECK(pooled_region(model, features, {}).back() == Approx(features.pooled.back()));
    double sum = 0;
    for (const float value : map.values) sum += value;
    sum /= static_cast<double>(map.values.size());
    for (const ScorePart& part : map.constants) sum += part.points;
    const double rating = model.impl().mean_head(features.pooled);
    CHECK(sum == Approx(on_ten_scale(model.info(), rating)).margin(1e-3));

    // Seen both ways, a mirror image has more of the mirrored map (not all: what deviations add differs), and
    // the score stays what it was.
    const Image other = test::flipped(photo);
    const Features of_other = extract_features(model, {&other, 1}, {.keep_maps = true}).front();
    const Features both = seen_both_ways(model, features);
    CHECK(both.pooled == features.pooled);
    CHECK(make_heatmap(model, both).total() == Approx(map.total()).margin(1e-3));
    CHECK(mirrored_likeness(make_heatmap(model, both), make_heatmap(model, seen_both_ways(model, of_other))) >
          mirrored_likeness(map, make_heatmap(model, of_other)) + 0.1);

    const std::vector<float> corner = pooled_region(model, features, {0, 0, 0.5, 0.5});
    CHECK((corner.back() != features.pooled.back()) == read);
    // Its network alone, every stage of it, for others to be trained on.
    CHECK(load_network(written, {.device = "cpu"}).impl().pooled_size() > 4 * 32);
}
