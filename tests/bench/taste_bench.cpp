#include <cmath>
#include <random>

#include <benchmark/benchmark.h>

#include <piaa/meta_start.h>
#include <piaa/piaa.h>

/// What learning a person costs once the photos' feature rows are there; no network runs here.
namespace {

using namespace piaa;

const Prior& prior() {
    static const Prior shipped = load_prior(load_model("lite"));
    return shipped;
}

/// Somebody with `photos` rated ones.
UserProfile person(int photos) {
    std::mt19937_64 random(1);
    const auto draw = [&] { return static_cast<float>(random() % 1000) / 1000 - 0.5f; };
    UserProfile profile({prior().model_name(), prior().model(), "-"});
    for (int i = 0; i < photos; ++i) {
        std::vector<float> row(prior().row_length());
        for (float& value : row) value = draw();
        row[0] += 0.5f;
        const std::string id = std::string(60, 'a') + std::to_string(1000 + i);
        profile.set_row(id, row);
        profile.add({FeedbackKind::rating, id, "", 0.5 + 0.4 * draw() + 0.3 * row[1], 0});
    }
    return profile;
}

/// Learning from cached rows, with the held-out agreement: target 50 ms for 100, by every method.
void learn(benchmark::State& state, const std::string& method) {
    const UserProfile profile = person(static_cast<int>(state.range(0)));
    AdaptOptions options{.method = method};
    if (method == "blg") options.start = load_blg(prior());
    for (auto _ : state) benchmark::DoNotOptimize(adapt(prior(), profile, options));
}
BENCHMARK_CAPTURE(learn, auto, std::string("auto")) -> Arg(10) -> Arg(100) -> Arg(500)
    -> Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(learn, ridge, std::string("ridge"))->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(learn, residual, std::string("residual"))->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(learn, blg, std::string("blg"))->Arg(100)->Unit(benchmark::kMillisecond);

/// One more rating for somebody with 100, file and all: target 5 ms.
void one_more_rating(benchmark::State& state) {
    const auto learned = adapt(prior(), person(100));
    const auto bytes = profile_bytes(learned);
    const UserProfile more = person(101);
    for (auto _ : state) {
        UserProfile profile = parse_profile(bytes, "me.pt");
        const auto& event = more.events().back();
        profile.set_row(event.photo, more.rows().at(event.photo));
        profile.add(event);
        benchmark::DoNotOptimize(profile_bytes(adapt(prior(), profile)));
    }
}
BENCHMARK(one_more_rating)->Unit(benchmark::kMillisecond);

/// What a personal score adds to a generic one.
void personal_prediction(benchmark::State& state) {
    const UserProfile learned = adapt(prior(), person(100));
    const UserProfile other = person(1);
    const auto row = other.rows().begin()->second;
    for (auto _ : state) benchmark::DoNotOptimize(predict(prior(), learned, row));
}
BENCHMARK(personal_prediction);

/// The next ten of a thousand photos to ask about.
void choose_ten(benchmark::State& state) {
    const UserProfile learned = adapt(prior(), person(100));
    std::vector<std::vector<float>> rows;
    const UserProfile album = person(1000);
    for (const auto& [id, row] : album.rows()) rows.push_back(row);
    for (auto _ : state)
        benchmark::DoNotOptimize(select_queries(prior(), rows, {.count = 10, .known = &learned}));
}
BENCHMARK(choose_ten)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
