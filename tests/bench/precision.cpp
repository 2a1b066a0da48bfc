// How far what a network sees, and the ranking of photos by it, depends on how it is computed. Against the
// layers as trained with 32 bits a number (LibTorch): for a transformer each level of instructions that this
// processor has, for another network 16 bits a number (bfloat16 on a CPU).
//   precision MODEL.safetensors PHOTO...

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <piaa/piaa.h>
#include <piaa/research.h>

#include "io/tensor_file.h"
#include "model/model_impl.h"
#include "model/network_input.h"
#include "network/backend.h"
#include "network/pooling.h"
#include "network/transformer/levels.h"
#include "photos/image_file.h"

namespace {

using namespace piaa;

/// One way to compute the network, and what came of it.
struct Way {
    std::string name;
    std::unique_ptr<Network> network;
    std::vector<double> scores = {};
    std::vector<double> cosines = {};  ///< of the pooled numbers to those of the first way
    std::chrono::duration<double> time{};
};

NetworkSpec spec_of(const Model& model) {
    const Model::Impl& data = model.impl();
    return {.architecture = find_architecture(model.info().architecture),
            .stages = data.stage_indices,
            .mean = data.preprocessing.mean,
            .deviation = data.preprocessing.deviation,
            .device = "cpu",
            .weights = data.weights.string(),
            .weights_hash = data.weights_hash};
}

std::vector<Way> ways_of(const Model& model) {
    const TensorFile file = read_tensor_file(model.info().file);
    NetworkSpec spec = spec_of(model);
    std::vector<Way> ways;
    const auto add = [&](const std::string& name) {
        ways.push_back({.name = name, .network = make_network(spec, file.tensors)});
    };
    spec.reference = true;
    add("as trained, 32 bits");
    if (!spec.architecture.transformer) {
        spec.half = true;
        add("as trained, 16 bits");
        return ways;
    }
    spec.reference = false;
    // Levels whose values have as many bytes give the same bits, or nearly the same floats.
    std::set<int> seen;
    for (const auto* level : transformer::supported_operations()) {
        if (!seen.insert(level->value_bytes).second) continue;
        spec.instructions = level->name;
        add(level->name);
    }
    return ways;
}

/// As extract_features(), which has no choice of the way: each channel's mean and, where the stage has them,
/// deviation.
std::vector<float> pooled(const std::vector<FeatureMap>& maps, const std::vector<Stage>& stages) {
    std::vector<float> all;
    for (std::size_t s = 0; s < maps.size(); ++s) {
        const FeatureMap& map = maps[s];
        const double places = static_cast<double>(map.width) * map.height;
        std::vector<double> mean(map.channels), squares(map.channels);
        for (std::size_t i = 0; i < map.values.size(); ++i) mean[i % map.channels] += map.values[i] / places;
        for (std::size_t i = 0; i < map.values.size(); ++i) {
            const double off = map.values[i] - mean[i % map.channels];
            squares[i % map.channels] += off * off;
        }
        for (const double m : mean) all.push_back(static_cast<float>(m));
        if (!stages[s].deviations) continue;
        for (const double s2 : squares)
            all.push_back(static_cast<float>(std::sqrt(s2 / places + variance_floor)));
    }
    return all;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    const auto product = [](const auto& x, const auto& y) {
        return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
    };
    return product(a, b) / std::sqrt(product(a, a) * product(b, b));
}

void look(const Model& model, const char* file, std::vector<Way>& ways) {
    const auto photo = cli::read_image(file, [&](Size size) { return decode_size(model, size); });
    const std::vector<Image> input{network_input(model, photo.image, photo.image.size())};
    std::vector<float> first;
    for (Way& way : ways) {
        const auto start = std::chrono::steady_clock::now();
        const auto maps = way.network->run(input);
        way.time += std::chrono::steady_clock::now() - start;
        Features features;
        features.pooled = pooled(maps.front(), model.impl().stages);
        if (first.empty()) first = features.pooled;
        way.cosines.push_back(cosine(first, features.pooled));
        way.scores.push_back(score(model, features).generic);
    }
}

void print(const Way& way, const Way& exact) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < way.scores.size(); ++i)
        differences.push_back(std::abs(way.scores[i] - exact.scores[i]));
    std::sort(differences.begin(), differences.end());
    const auto photos = static_cast<double>(way.scores.size());
    std::printf("%-20s %9.5f %9.5f %9.5f %9.3f %9.3f %9.1f\n", way.name.c_str(),
                std::accumulate(way.cosines.begin(), way.cosines.end(), 0.0) / photos,
                *std::min_element(way.cosines.begin(), way.cosines.end()), spearman(way.scores, exact.scores),
                differences[differences.size() / 2], differences.back(), 1e3 * way.time.count() / photos);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const Model model = load_model(argv[1], {.device = "cpu"});
    auto ways = ways_of(model);
    for (int i = 2; i < argc; ++i) {
        try {
            look(model, argv[i], ways);
        } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
    }
    if (ways.front().scores.empty()) return 1;
    std::printf(
        "%s, %zu photos; cosine of what is seen, then of scores: SROCC, difference in the median and at "
        "most\n",
        model.info().name.c_str(), ways.front().scores.size());
    std::printf("%-20s %9s %9s %9s %9s %9s %9s\n", "", "mean cos", "least cos", "SROCC", "median", "most",
                "ms");
    for (const Way& way : ways) print(way, ways.front());
}
