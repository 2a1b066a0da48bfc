#include <cmath>

#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>

#include "network/torch/forward.h"

namespace piaa {
namespace {

/// One transformer with its parameters.
class Steps {
public:
    Steps(const Architecture& architecture, const Parameters& parameters)
        : shape_(*architecture.transformer), epsilon_(architecture.norm_epsilon), parameters_(parameters) {}

    /// [batch, 3, side, side] -> [batch, tokens, width]
    at::Tensor embed(const at::Tensor& input) const {
        const std::int64_t grid = input.size(2) / shape_.patch;
        const at::Tensor kernel = at("patch")
                                      .reshape({shape_.patch, shape_.patch, 3, shape_.width})
                                      .permute({3, 2, 0, 1})
                                      .contiguous();
        const at::Tensor patches = at::conv2d(input, kernel, {}, shape_.patch).flatten(2).transpose(1, 2);
        const at::Tensor first = at("class").expand({input.size(0), 1, shape_.width});
        const at::Tensor tokens = at::cat({first, patches}, 1) + at("position." + std::to_string(grid));
        return normalised(tokens, "before");
    }

    at::Tensor block(int index, const at::Tensor& tokens) const {
        const std::string name = std::to_string(index);
        const std::int64_t head_width = shape_.width / shape_.heads;
        // [batch, tokens, 3, heads, head_width] -> three of [batch, heads, tokens, head_width]
        const at::Tensor qkv = linear(normalised(tokens, name + ".norm1"), name + ".qkv")
                                   .reshape({tokens.size(0), tokens.size(1), 3, shape_.heads, head_width})
                                   .permute({2, 0, 3, 1, 4});
        const at::Tensor alike =
            at::matmul(qkv[0], qkv[1].transpose(-1, -2)) / std::sqrt(static_cast<double>(head_width));
        const at::Tensor mixed = at::matmul(at::softmax(alike, -1), qkv[2]).transpose(1, 2).flatten(2);
        const at::Tensor attended = tokens + linear(mixed, name + ".out");
        const at::Tensor wide = linear(normalised(attended, name + ".norm2"), name + ".wide");
        return attended + linear(wide * at::sigmoid(wide * 1.702), name + ".narrow");
    }

    at::Tensor normalised(const at::Tensor& x, const std::string& name) const {
        return at::layer_norm(x, {shape_.width}, at(name + ".weight"), at(name + ".bias"), epsilon_);
    }

private:
    const at::Tensor& at(const std::string& name) const { return parameters_.at("backbone." + name); }

    at::Tensor linear(const at::Tensor& x, const std::string& name) const {
        return at::linear(x, at(name + ".weight"), at(name + ".bias"));
    }

    const Transformer shape_;
    double epsilon_;
    const Parameters& parameters_;
};

}  // namespace

std::vector<at::Tensor> transformer_forward(const Architecture& architecture, const Parameters& parameters,
                                            const at::Tensor& input) {
    const Steps steps(architecture, parameters);
    const int blocks = architecture.transformer->blocks;
    const std::int64_t grid = input.size(2) / architecture.transformer->patch;
    std::vector<at::Tensor> stages(2 * static_cast<std::size_t>(blocks));
    at::Tensor tokens = steps.embed(input);
    for (int i = 0; i < blocks; ++i) {
        tokens = steps.block(i, tokens);
        stages[i] = tokens.narrow(1, 1, grid * grid).transpose(1, 2).unflatten(2, {grid, grid});
        at::Tensor first = tokens.narrow(1, 0, 1);
        if (i + 1 == blocks) first = steps.normalised(first, "after");
        stages[blocks + i] = first.transpose(1, 2).unsqueeze(3);
    }
    return stages;
}

}  // namespace piaa
