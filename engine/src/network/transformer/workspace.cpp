#include "network/transformer/workspace.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace piaa::transformer {
namespace {

constexpr std::size_t alignment = 64;

template <typename Value>
Value* allocate(std::size_t count) {
    const std::size_t bytes = (count * sizeof(Value) + alignment - 1) / alignment * alignment;
    void* const memory = std::aligned_alloc(alignment, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    std::fill_n(static_cast<std::byte*>(memory), bytes, std::byte{});
    return static_cast<Value*>(memory);
}

/// The outputs first to first + count of a matrix.
Matrix part_of(const Matrix& matrix, int first, int count) {
    Matrix part = matrix;
    part.weights += static_cast<std::ptrdiff_t>(first) * matrix.in;
    part.scale += first;
    part.bias += first;
    part.sums += first;
    part.out = count;
    return part;
}

}  // namespace

void Workspace::Free::operator()(void* memory) const {
    std::free(memory);
}

Workspace::Workspace(const Operations& operations, const NetworkShape& shape)
    : operations_(operations), shape_(shape) {
    const std::size_t tokens = shape.tokens();
    const std::size_t width = shape.width;
    const std::size_t widest = std::max({shape.hidden, shape.width, shape.patch * shape.patch * 3});
    inputs_.reset(allocate<std::byte>((tokens + 1) * widest * operations.value_bytes));
    tokens_.reset(allocate<float>(tokens * width));
    qkv_.reset(allocate<float>(tokens * 3 * width));
    mixed_.reset(allocate<float>(tokens * width));
    wide_.reset(allocate<float>(tokens * widest));
    row_.reset(allocate<float>(widest));
    scratch_.reset(allocate<float>(widest * operations.floats_per_column));
    attention_.reset(allocate<float>(attention_scratch(shape.tokens(), shape.width / shape.heads)));
    scales_.resize(tokens + 1);
    zeros_.resize(tokens + 1);
}

Rows Workspace::rows(int width) {
    return {inputs_.get(), scales_.data(), zeros_.data(), width};
}

Rows Workspace::normalised(const float* values, int count, Norm norm) {
    const Rows result = rows(shape_.width);
    for (int i = 0; i < count; ++i) {
        operations_.normalise(values + static_cast<std::ptrdiff_t>(i) * shape_.width, shape_.width,
                              norm.weight, norm.bias, shape_.epsilon, row_.get());
        operations_.take(row_.get(), result, i);
    }
    return result;
}

Rows Workspace::taken(const float* values, int count, int width) {
    const Rows result = rows(width);
    for (int i = 0; i < count; ++i)
        operations_.take(values + static_cast<std::ptrdiff_t>(i) * width, result, i);
    return result;
}

void Workspace::embed(const NetworkWeights& weights, const std::uint8_t* pixels) {
    const int grid = shape_.grid;
    const int line = shape_.patch * 3;  // numbers of a patch in one row of pixels
    const int width = shape_.width;
    std::array<std::array<float, 256>, 3> normal;
    for (int c = 0; c < 3; ++c)
        for (int v = 0; v < 256; ++v)
            normal[c][v] = (static_cast<float>(v) - shape_.mean[c]) / shape_.deviation[c];
    float* target = wide_.get();
    for (int y = 0; y < grid; ++y)
        for (int x = 0; x < grid; ++x)
            for (int row = 0; row < shape_.patch; ++row) {
                const std::uint8_t* from =
                    pixels + (static_cast<std::ptrdiff_t>(y * shape_.patch + row) * grid + x) * line;
                for (int i = 0; i < line; ++i) *target++ = normal[i % 3][from[i]];
            }
    std::copy_n(weights.class_token, width, tokens_.get());
    operations_.multiply_floats(wide_.get(), grid * grid, shape_.patch * line, weights.patch, width,
                                tokens_.get() + width, width);
    for (int t = 0; t < shape_.tokens(); ++t) {
        float* const token = tokens_.get() + static_cast<std::ptrdiff_t>(t) * width;
        const float* const position = weights.positions + static_cast<std::ptrdiff_t>(t) * width;
        for (int i = 0; i < width; ++i) token[i] += position[i];
        operations_.normalise(token, width, weights.before.weight, weights.before.bias, shape_.epsilon,
                              token);
    }
}

/// Keys and values are of all tokens, the rest only of the first `tokens`.
void Workspace::run_block(const BlockWeights& block, int tokens) {
    const int width = shape_.width;
    const int all = shape_.tokens();
    const Rows input = normalised(tokens_.get(), all, block.attention_norm);
    operations_.multiply(input, tokens, part_of(block.qkv, 0, width), Finish::store, scratch_.get(),
                         qkv_.get(), 3 * width);
    operations_.multiply(input, all, part_of(block.qkv, width, 2 * width), Finish::store, scratch_.get(),
                         qkv_.get() + width, 3 * width);
    const int head_width = width / shape_.heads;
    for (int head = 0; head < shape_.heads; ++head)
        operations_.attend(qkv_.get() + head * head_width, 3 * width, width, all, tokens, head_width,
                           attention_.get(), mixed_.get() + head * head_width, width);
    operations_.multiply(taken(mixed_.get(), tokens, width), tokens, block.out, Finish::add, scratch_.get(),
                         tokens_.get(), width);
    operations_.multiply(normalised(tokens_.get(), tokens, block.wide_norm), tokens, block.wide, Finish::gelu,
                         scratch_.get(), wide_.get(), shape_.hidden);
    operations_.multiply(taken(wide_.get(), tokens, shape_.hidden), tokens, block.narrow, Finish::add,
                         scratch_.get(), tokens_.get(), width);
}

void Workspace::run(const NetworkWeights& weights, const std::uint8_t* pixels, int blocks, bool class_only,
                    const Take& take) {
    embed(weights, pixels);
    for (int i = 0; i < blocks; ++i) {
        const bool last = i + 1 == blocks;
        run_block(weights.blocks[i], last && class_only ? 1 : shape_.tokens());
        take(i, tokens_.get());
    }
}

}  // namespace piaa::transformer
