#include <vector>

#include <benchmark/benchmark.h>

#include <piaa/piaa.h>

/// What the parts of a score cost on one thread, decoding apart.
namespace {

using piaa::Image;

/// Smooth colours with some texture.
Image picture(piaa::Size size) {
    std::vector<std::uint8_t> pixels;
    pixels.reserve(static_cast<std::size_t>(size.width) * size.height * 3);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < 3; ++c)
                pixels.push_back(static_cast<std::uint8_t>(
                    255 * (x + c * y) / (size.width + 2 * size.height) ^ (x * y % 8)));
    return {size, std::move(pixels)};
}

// What a 12-megapixel JPEG is decoded to at an eighth.
const piaa::Size decoded{500, 375};

const piaa::Model& lite() {
    static const piaa::Model model = piaa::load_model("lite");
    return model;
}

void resize(benchmark::State& state) {
    const Image image = picture(decoded);
    for (auto _ : state) benchmark::DoNotOptimize(piaa::resized(image, {256, 192}));
}
BENCHMARK(resize);

void attributes(benchmark::State& state) {
    const Image image = picture(decoded);
    for (auto _ : state) benchmark::DoNotOptimize(piaa::measure_attributes(image));
}
BENCHMARK(attributes);

/// Resizing, network, pooling and attributes; the argument is the photos in a batch.
void features(benchmark::State& state) {
    const std::vector<Image> images(static_cast<std::size_t>(state.range(0)), picture(decoded));
    for (auto _ : state) benchmark::DoNotOptimize(piaa::extract_features(lite(), images));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(features)->Arg(1)->Arg(4)->Unit(benchmark::kMillisecond);

void score(benchmark::State& state) {
    const std::vector<Image> images{picture(decoded)};
    const auto features = piaa::extract_features(lite(), images);
    for (auto _ : state) benchmark::DoNotOptimize(piaa::score(lite(), features.front()));
}
BENCHMARK(score);

/// The search for crops after decoding and the network: free, and in as many aspects as the argument says.
void crops(benchmark::State& state) {
    const std::vector<Image> images{picture(decoded)};
    const auto features = piaa::extract_features(lite(), images, {.keep_maps = true});
    std::vector<piaa::CropOptions> formats(static_cast<std::size_t>(state.range(0)));
    for (std::size_t i = 1; i < formats.size(); ++i) formats[i].aspect = 0.5 + 0.2 * static_cast<double>(i);
    for (auto _ : state) benchmark::DoNotOptimize(piaa::find_crops(lite(), features.front(), formats));
}
BENCHMARK(crops)->Arg(1)->Arg(12)->Unit(benchmark::kMillisecond);

/// The whole way of a photo that was decoded already, to its crops in that many aspects, each of which has
/// more than 1,000 candidates.
void photo_to_crops(benchmark::State& state) {
    const std::vector<Image> images{picture(decoded)};
    std::vector<piaa::CropOptions> formats(static_cast<std::size_t>(state.range(0)));
    for (std::size_t i = 0; i < formats.size(); ++i) formats[i].aspect = 0.5 + 0.2 * static_cast<double>(i);
    for (auto _ : state) {
        const auto features = piaa::extract_features(lite(), images, {.keep_maps = true});
        benchmark::DoNotOptimize(piaa::find_crops(lite(), features.front(), formats));
    }
}
BENCHMARK(photo_to_crops)->Arg(1)->Arg(12)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
