// How far the ranking of photos by a model depends on the precision of its network: scores with 32 and with
// 16 bits per number (bfloat16 on a CPU), layer by layer as trained.
//   precision MODEL.safetensors PHOTO...

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include <piaa/piaa.h>
#include <piaa/research.h>

#include "io/tensor_file.h"
#include "network/backend.h"
#include "photo/preprocess.h"
#include "photos/image_file.h"

namespace {

using namespace piaa;

/// As in extract_features(), which has no choice of precision: mean and deviation of each channel.
void append_pooled(const FeatureMap& map, std::vector<float>& pooled) {
    const double places = static_cast<double>(map.width) * map.height;
    std::vector<double> sum(map.channels), squares(map.channels);
    for (std::size_t i = 0; i < map.values.size(); ++i) sum[i % map.channels] += map.values[i];
    for (std::size_t i = 0; i < map.values.size(); ++i) {
        const double off = map.values[i] - sum[i % map.channels] / places;
        squares[i % map.channels] += off * off;
    }
    for (const double s : sum) pooled.push_back(static_cast<float>(s / places));
    for (const double s : squares) pooled.push_back(static_cast<float>(std::sqrt(s / places + 1e-6)));
}

}  // namespace

int main(int argc, char** argv) {
    const Model model = load_model(argv[1], {.device = "cpu"});
    const TensorFile file = read_tensor_file(argv[1]);
    const Preprocessing preprocessing = parse_preprocessing(file.metadata.at("preprocessing"), argv[1]);
    const Architecture architecture = find_architecture(file.metadata.at("architecture"));
    const int stages = static_cast<int>(architecture.stages().size());
    NetworkSpec spec{architecture, {}, preprocessing.mean, preprocessing.deviation, "cpu", true};
    for (int stage = stages - pooled_stage_count(model); stage < stages; ++stage)
        spec.stages.push_back(stage);
    const auto exact = make_network(spec, file.tensors);
    spec.half = true;
    const auto half = make_network(spec, file.tensors);

    std::vector<double> scores[2];
    double largest = 0;
    std::chrono::duration<double> time[2]{};
    for (int i = 2; i < argc; ++i) {
        try {
            const auto photo = cli::read_image(argv[i], [&](Size size) { return decode_size(model, size); });
            const std::vector<Image> input{
                resized(photo.image, input_size(preprocessing, photo.image.size()))};
            double score_of[2];
            for (int precision = 0; precision < 2; ++precision) {
                Features features;
                const auto start = std::chrono::steady_clock::now();
                const auto maps = (precision == 0 ? exact : half)->run(input);
                time[precision] += std::chrono::steady_clock::now() - start;
                for (const FeatureMap& map : maps.front()) append_pooled(map, features.pooled);
                score_of[precision] = score(model, features).score;
                scores[precision].push_back(score_of[precision]);
            }
            largest = std::max(largest, std::abs(score_of[0] - score_of[1]));
        } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
    }
    const auto photos = static_cast<double>(scores[0].size());
    std::printf(
        "%s, %zu photos: SROCC between 32 and 16 bits %.5f, largest difference of scores %.3f; "
        "%.1f and %.1f ms a photo\n",
        model.info().name.c_str(), scores[0].size(), spearman(scores[0], scores[1]), largest,
        1e3 * time[0].count() / photos, 1e3 * time[1].count() / photos);
}
