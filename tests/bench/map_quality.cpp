/// map_quality MODEL FOLDER [PHOTOS]: what each kind of map gains when places come and go in its order,
/// against chance, with 95 % intervals over photos. Needs minutes; nothing is asserted.
#include "support/map_quality.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>

#include <piaa/gradient_map.h>
#include <piaa/piaa.h>

#include "photos/image_file.h"
#include "photos/photo_list.h"

using namespace piaa;

namespace {

void report(const char* name, const std::vector<double>& gains) {
    std::mt19937 random(1);
    std::vector<double> means;
    for (int i = 0; i < 2000; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < gains.size(); ++j) sum += gains[random() % gains.size()];
        means.push_back(sum / static_cast<double>(gains.size()));
    }
    std::sort(means.begin(), means.end());
    double mean = 0;
    for (const double gain : gains) mean += gain / static_cast<double>(gains.size());
    std::printf("%-34s %+.3f [%+.3f, %+.3f]\n", name, mean, means[50], means[1949]);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const Model model = load_model(argv[1]);
    const auto photos = cli::list_photos({argv[2]}).photos;
    const std::size_t count = std::min<std::size_t>(photos.size(), argc > 3 ? std::atoi(argv[3]) : 40);
    std::map<std::string, std::vector<double>> gains;
    for (std::size_t i = 0; i < count; ++i) {
        const Image photo = cli::read_full_image(photos[i * photos.size() / count].file);
        const auto gain = [&](const std::vector<int>& order) {
            return test::insertion_over_deletion(model, photo, order, 4);
        };
        const auto by = [&](const Heatmap& map) { return gain(test::blocks_by(map)); };
        gains["chance"].push_back((gain(test::blocks_by_chance(static_cast<unsigned>(2 * i))) +
                                   gain(test::blocks_by_chance(static_cast<unsigned>(2 * i + 1)))) /
                                  2);
        const Features features = extract_features(model, std::span(&photo, 1), {.keep_maps = true}).front();
        gains["activation map, one look"].push_back(by(make_heatmap(model, features)));
        gains["activation map"].push_back(by(make_heatmap(model, seen_both_ways(model, features))));
        gains["LayerCAM"].push_back(by(gradient_map(model, photo, GradientMap::layer_cam)));
        gains["plain saliency (gradient)"].push_back(by(gradient_map(model, photo, GradientMap::gradient)));
        gains["SmoothGrad"].push_back(
            by(gradient_map(model, photo, GradientMap::smooth_gradient, {.samples = 12})));
        gains["occlusion"].push_back(by(occlusion_map(model, photo, {.columns = 6, .rows = 6})));
    }
    std::printf("insertion less deletion, in points, over %zu photos\n", count);
    for (const auto& [name, values] : gains) report(name.c_str(), values);
    for (const char* other : {"chance", "plain saliency (gradient)"}) {
        std::vector<double> differences;
        for (std::size_t i = 0; i < count; ++i)
            differences.push_back(gains["activation map"][i] - gains[other][i]);
        report((std::string("activation map less ") + other).substr(0, 34).c_str(), differences);
    }
}
