// CPU time of one forward pass, the fast way and as trained, on backbone or model files:
//   network_bench [--size 256x192] FILE.safetensors...
// Prints the median of many passes on one core, the time it took to load each, and the memory in use.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include <sys/resource.h>

#include "cpu_time.h"
#include "io/tensor_file.h"
#include "network/architecture.h"
#include "network/backend.h"

namespace {

using namespace piaa;

long resident_megabytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

Image random_photo(Size size) {
    std::mt19937 random(1);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size.width) * size.height * 3);
    for (auto& value : pixels) value = static_cast<std::uint8_t>(random());
    return {size, std::move(pixels)};
}

}  // namespace

int main(int argc, char** argv) {
    constexpr int passes = 40;
    Size size{256, 192};
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--size") == 0 && i + 1 < argc) {
            std::sscanf(argv[++i], "%dx%d", &size.width, &size.height);
            continue;
        }
        const TensorFile file = read_tensor_file(argv[i]);
        NetworkSpec spec{
            find_architecture(file.metadata.at("architecture")), {}, {127, 127, 127}, {128, 128, 128}, "cpu"};
        for (std::size_t s = 0; s < spec.architecture.stages().size(); ++s)
            spec.stages.push_back(static_cast<int>(s));
        const auto made = [&](bool reference) {
            const auto begin = std::chrono::steady_clock::now();
            spec.reference = reference;
            auto network = make_network(spec, file.tensors);
            const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
            std::printf("%s made in %.0f ms, %ld MB resident\n", reference ? "as trained" : "the fast way",
                        time.count(), resident_megabytes());
            return network;
        };
        const auto fast = made(false);
        const auto reference = made(true);
        const std::vector<Image> photo{random_photo(size)};
        std::vector<double> fast_times;
        std::vector<double> reference_times;
        for (int pass = 0; pass < passes; ++pass) {  // in turns, so that a busy moment hits both
            double start = cpu_milliseconds();
            fast->run(photo);
            fast_times.push_back(cpu_milliseconds() - start);
            start = cpu_milliseconds();
            reference->run(photo);
            reference_times.push_back(cpu_milliseconds() - start);
        }
        const auto median = [](std::vector<double> times) {
            std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
            return times[times.size() / 2];
        };
        std::printf("%s %dx%d: %.1f ms CPU per photo, as trained %.1f ms, %ld MB resident\n",
                    spec.architecture.name.c_str(), size.width, size.height, median(fast_times),
                    median(reference_times), resident_megabytes());
    }
}
