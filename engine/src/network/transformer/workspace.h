#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "network/transformer/operations.h"

namespace piaa::transformer {

struct Norm {
    const float* weight = nullptr;
    const float* bias = nullptr;
};

struct BlockWeights {
    Norm attention_norm, wide_norm;
    Matrix qkv, out, wide, narrow;
};

/// The parameters of a network, which belong to somebody else.
struct NetworkWeights {
    const float* patch = nullptr;        ///< [patch * patch * 3, width]
    const float* class_token = nullptr;  ///< [width]
    const float* positions = nullptr;    ///< [1 + grid * grid, width]
    Norm before, after;
    std::vector<BlockWeights> blocks;
};

struct NetworkShape {
    int grid = 0;   ///< patches along each side of the input
    int patch = 0;  ///< pixels along each side of one
    int width = 0;
    int hidden = 0;
    int heads = 0;
    float epsilon = 0;
    std::array<float, 3> mean{}, deviation{};

    int tokens() const { return 1 + grid * grid; }
};

/// What one worker needs to run the network.
class Workspace {
public:
    Workspace(const Operations& operations, const NetworkShape& shape);

    /// pixels: [grid * patch, grid * patch, 3]. Calls take(block, tokens) with the tokens [1 + grid * grid,
    /// width] after each block up to `blocks`; with class_only the last of them has only its first token, and
    /// that has passed the network's last LayerNorm, which is the class token's alone.
    using Take = std::function<void(int, const float*)>;
    void run(const NetworkWeights& weights, const std::uint8_t* pixels, int blocks, bool class_only,
             const Take& take);

private:
    void embed(const NetworkWeights& weights, const std::uint8_t* pixels);
    void run_block(const BlockWeights& block, int tokens);
    Rows rows(int width);
    Rows normalised(const float* values, int count, Norm norm);
    Rows taken(const float* values, int count, int width);

    const Operations& operations_;
    const NetworkShape shape_;
    struct Free {
        void operator()(void* memory) const;
    };
    template <typename Value>
    using Buffer = std::unique_ptr<Value[], Free>;
    Buffer<std::byte> inputs_;
    Buffer<float> tokens_, qkv_, mixed_, wide_, row_, scratch_, attention_;
    std::vector<float> scales_;
    std::vector<std::int32_t> zeros_;
};

}  // namespace piaa::transformer
