// Runs a fuzz target on damaged seeds, without libFuzzer: the same inputs in every run of the same seed.
//
//     profile_fuzz [RUNS [SEED]]      damages the seeds RUNS times
//     profile_fuzz FILE               runs one input, such as one kept from a failure

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "fuzz_target.h"

namespace {

class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}

    /// A copy of one of the seeds with one to eight damages.
    std::string damaged(const std::vector<std::string>& seeds) {
        std::string input = seeds[below(seeds.size())];
        const auto damages = 1 + below(8);
        for (std::size_t i = 0; i < damages; ++i) damage(input, seeds);
        return input;
    }

private:
    void damage(std::string& input, const std::vector<std::string>& seeds) {
        if (input.empty()) input = "x";
        const auto at = below(input.size());
        switch (below(8)) {
            case 0:
                input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
                break;
            case 1:
                input[at] = static_cast<char>(below(256));
                break;
            case 2:
                overwrite(input, at);
                break;
            case 3:
                input.resize(at);
                break;
            case 4:
                input.erase(at, 1 + below(16));
                break;
            case 5:
                input.insert(at, input.substr(below(input.size()), 1 + below(64)));
                break;
            case 6:
                input.insert(at, 1 + below(16), static_cast<char>(below(256)));
                break;
            case 7: {  // the end of another seed
                const auto& other = seeds[below(seeds.size())];
                input = input.substr(0, at) + other.substr(below(other.size() + 1));
                break;
            }
        }
    }

    /// A number that programs tend to trip over, in 1 to 8 bytes.
    void overwrite(std::string& input, std::size_t at) {
        static constexpr std::uint64_t numbers[] = {0,
                                                    1,
                                                    0x7f,
                                                    0x80,
                                                    0xff,
                                                    0x7fff,
                                                    0x8000,
                                                    0xffff,
                                                    0x7fffffff,
                                                    0x80000000,
                                                    0xffffffff,
                                                    0x7fffffffffffffff,
                                                    0x8000000000000000,
                                                    ~std::uint64_t{0}};
        const std::uint64_t number = numbers[below(std::size(numbers))];
        const std::size_t width = std::size_t{1} << below(4);
        for (std::size_t i = 0; i < width && at + i < input.size(); ++i)
            input[at + i] = static_cast<char>(number >> (8 * i));
    }

    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

    std::mt19937_64 random_;
};

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Keeps the input that is about to run, so that a crash leaves it behind.
void keep(const std::string& input) {
    if (const char* file = std::getenv("PIAA_FUZZ_KEEP"))
        std::ofstream(file, std::ios::binary | std::ios::trunc) << input;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string first = argc > 1 ? argv[1] : "1000";
    if (std::ifstream file(first, std::ios::binary); file) {
        run({std::istreambuf_iterator<char>(file), {}});
        return 0;
    }
    const std::uint64_t runs = std::strtoull(first.c_str(), nullptr, 10);
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const auto seeds = fuzz_seeds();
    for (const auto& input : seeds) run(input);
    Mutator mutator(seed);
    for (std::uint64_t i = 0; i < runs; ++i) {
        const std::string input = mutator.damaged(seeds);
        keep(input);
        run(input);
    }
    std::cout << runs << " damaged inputs from " << seeds.size() << " seeds, seed " << seed << '\n';
}
