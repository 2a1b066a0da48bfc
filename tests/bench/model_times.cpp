// CPU time that a small picture takes each shipped model, by each kind of instructions that this processor
// has, in turns:
//   model_times [ROUNDS]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <piaa/error.h>
#include <piaa/features.h>
#include <piaa/model.h>

#include "cpu_time.h"

namespace {

using namespace piaa;

struct Case {
    Model model;
    std::string instructions;
    std::vector<double> times = {};
};

std::vector<Case> cases() {
    std::vector<Case> found;
    found.push_back({load_model("lite", {.device = "cpu"}), "auto"});
    for (const char* name : {"fast", "best"})
        for (const char* level : {"avx512-vnni", "avx-vnni", "avx2", "portable"}) try {
                found.push_back({load_model(name, {.device = "cpu", .instructions = level}), level});
            } catch (const Error&) {  // this processor has none of them
            }
    return found;
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
    std::mt19937 random(1);
    std::vector<std::uint8_t> pixels(std::size_t{600} * 400 * 3);
    for (auto& value : pixels) value = static_cast<std::uint8_t>(random());
    const std::vector<Image> picture{Image({600, 400}, std::move(pixels))};
    auto all = cases();
    for (int round = 0; round < rounds; ++round)
        for (Case& one : all) {
            const double begin = cpu_milliseconds();
            extract_features(one.model, picture);
            one.times.push_back(cpu_milliseconds() - begin);
        }
    for (Case& one : all) {
        std::nth_element(one.times.begin(), one.times.begin() + rounds / 2, one.times.end());
        std::printf("%-4s %-11s %6.1f ms\n", one.model.info().name.c_str(), one.instructions.c_str(),
                    one.times[static_cast<std::size_t>(rounds) / 2]);
    }
}
