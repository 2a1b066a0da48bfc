// The 8-bit multiplication of our kernels beside oneDNN's, on the four shapes of CLIP ViT-B/16's blocks and
// for all twelve of them: CPU time on one thread, in turns. oneDNN gets its numbers as bytes already and
// gives whole numbers; ours take and give floats, so what quantising costs is on our side alone.
//   OMP_NUM_THREADS=1 matmul_bench [TOKENS]

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "cpu_time.h"
#include "network/transformer/levels.h"

namespace {

using namespace piaa::transformer;
using piaa::cpu_milliseconds;

struct Shape {
    const char* name;
    int in;
    int out;
};
constexpr Shape shapes[] = {
    {"qkv", 768, 2304}, {"out", 768, 768}, {"wide", 768, 3072}, {"narrow", 3072, 768}};
constexpr int blocks = 12;
constexpr int rounds = 40;

template <typename Number>
class Aligned {
public:
    explicit Aligned(std::size_t count) : memory_(count * sizeof(Number) + 64) {}
    Number* data() {
        const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
        return reinterpret_cast<Number*>((address + 63) / 64 * 64);
    }

private:
    std::vector<std::byte> memory_;
};

/// A multiplication that is ready to run, and the times that it took.
struct Entry {
    std::string name;
    std::function<void()> run;
    std::vector<double> times = {};

    double median() {
        std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
        return times[times.size() / 2];
    }
};

/// One of our levels, from floats to floats.
class Ours {
public:
    Ours(const Operations& operations, const Shape& shape, int tokens, std::mt19937& random)
        : operations_(operations),
          shape_(shape),
          tokens_(tokens),
          inputs_(std::size_t(tokens) * shape.in),
          weights_(std::size_t(shape.in) * shape.out),
          values_(std::size_t(tokens + 1) * shape.in * operations.value_bytes),
          row_scale_(tokens + 1),
          row_zero_(tokens + 1),
          scale_(shape.out),
          bias_(shape.out),
          sums_(shape.out),
          scratch_(std::size_t(operations.floats_per_column) * shape.in + 64),
          result_(std::size_t(tokens) * shape.out) {
        std::normal_distribution<float> normal;
        for (std::size_t i = 0; i < std::size_t(tokens) * shape.in; ++i) inputs_.data()[i] = normal(random);
        for (std::size_t i = 0; i < std::size_t(shape.in) * shape.out; ++i)
            weights_.data()[i] = static_cast<std::int8_t>(random() % 255 - 127);
        std::fill_n(scale_.data(), shape.out, 0.01F);
        std::fill_n(bias_.data(), shape.out, 0.0F);
        operations_.sum(weights_.data(), shape.in, shape.out, sums_.data());
    }
    void run() {
        const Rows rows{values_.data(), row_scale_.data(), row_zero_.data(), shape_.in};
        for (int i = 0; i < tokens_; ++i)
            operations_.take(inputs_.data() + std::size_t(i) * shape_.in, rows, i);
        const Matrix matrix{weights_.data(), scale_.data(), bias_.data(),
                            sums_.data(),    shape_.in,     shape_.out};
        operations_.multiply(rows, tokens_, matrix, Finish::store, scratch_.data(), result_.data(),
                             shape_.out);
    }

private:
    const Operations& operations_;
    const Shape shape_;
    const int tokens_;
    Aligned<float> inputs_;
    Aligned<std::int8_t> weights_;
    Aligned<std::byte> values_;
    Aligned<float> row_scale_;
    Aligned<std::int32_t> row_zero_;
    Aligned<float> scale_, bias_;
    Aligned<std::int32_t> sums_;
    Aligned<float> scratch_;
    Aligned<float> result_;
};

/// oneDNN's, the weights in whatever order it asks for.
std::function<void()> theirs(const Shape& shape, int tokens, dnnl::memory::data_type inputs) {
    using dnnl::memory;
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    const memory::desc a({tokens, shape.in}, inputs, memory::format_tag::ab);
    const memory::desc any({shape.in, shape.out}, memory::data_type::s8, memory::format_tag::any);
    const memory::desc c({tokens, shape.out}, memory::data_type::s32, memory::format_tag::ab);
#if DNNL_VERSION_MAJOR >= 3
    const dnnl::matmul::primitive_desc description(engine, a, any, c);
#else
    const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(a, any, c), engine);
#endif
    const memory source(a, engine), weights(description.weights_desc(), engine), result(c, engine);
    const dnnl::matmul multiply(description);
    return [=, stream = dnnl::stream(engine)]() mutable {
        multiply.execute(stream,
                         {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, result}});
        stream.wait();
    };
}

}  // namespace

int main(int argc, char** argv) {
    const int tokens = argc > 1 ? std::atoi(argv[1]) : 197;
    std::vector<std::string> names;
    std::vector<double> sums;
    std::printf("%d tokens, CPU ms of one multiplication, then of %d blocks\n", tokens, blocks);
    for (const Shape& shape : shapes) {
        std::mt19937 random(1);
        std::vector<Ours> ours;
        std::vector<Entry> entries;
        const auto levels = supported_operations();
        ours.reserve(levels.size());
        for (const auto* level : levels) {
            ours.emplace_back(*level, shape, tokens, random);
            entries.push_back({level->name, [&one = ours.back()] { one.run(); }});
        }
        entries.push_back({"oneDNN u8 x s8", theirs(shape, tokens, dnnl::memory::data_type::u8)});
        entries.push_back({"oneDNN s8 x s8", theirs(shape, tokens, dnnl::memory::data_type::s8)});
        for (int round = 0; round < rounds; ++round)
            for (Entry& entry : entries) {
                const double start = cpu_milliseconds();
                entry.run();
                entry.times.push_back(cpu_milliseconds() - start);
            }
        sums.resize(entries.size());
        names.clear();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            names.push_back(entries[i].name);
            sums[i] += entries[i].median();
            std::printf("%-7s %5d x %4d  %-16s %7.3f\n", shape.name, shape.in, shape.out, names[i].c_str(),
                        entries[i].median());
        }
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        std::printf("all      %-16s %7.1f\n", names[i].c_str(), blocks * sums[i]);
}
