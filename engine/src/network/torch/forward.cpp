#include "network/torch/forward.h"

#include <algorithm>

#include <ATen/ops/add.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/hardtanh.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/rsqrt.h>
#include <torch/version.h>

namespace piaa {
namespace {

/// hardtanh has a vectorised gradient, unlike clamp; LibTorch 1 has none in 16 bits.
at::Tensor limited(const at::Tensor& x) {
    constexpr bool in_16_bits = TORCH_VERSION_MAJOR > 1;
    return in_16_bits || x.scalar_type() != at::kBFloat16 ? at::hardtanh(x, 0, 6) : at::clamp(x, 0, 6);
}

at::Tensor activate(const at::Tensor& x, Activation activation) {
    switch (activation) {
        case Activation::relu:
            return at::relu(x);
        case Activation::relu6:
            return limited(x);
        case Activation::none:
            break;
    }
    return x;
}

at::Tensor convolve(const Convolution& c, const Parameters& parameters, double epsilon, const StageRun& run,
                    at::Tensor x) {
    const std::int64_t half = c.padding == Padding::symmetric ? c.kernel / 2 : 0;
    if (c.padding == Padding::same) {
        const Margin rows = same_margin(x.size(2), c);
        const Margin columns = same_margin(x.size(3), c);
        x = at::constant_pad_nd(x, {columns.before, columns.after, rows.before, rows.after});
    }
    const auto bias = parameters.find(c.name + ".bias");
    const bool normalised = bias == parameters.end();
    x = at::conv2d(x, parameters.at(c.name + ".weight"), normalised ? at::Tensor() : bias->second, c.stride,
                   half, 1, c.groups);
    if (normalised)
        x = at::batch_norm(x, parameters.at(c.name + ".norm.weight"), parameters.at(c.name + ".norm.bias"),
                           parameters.at(c.name + ".norm.mean"), parameters.at(c.name + ".norm.variance"),
                           run.batch_statistics, run.momentum, epsilon, /*cudnn_enabled=*/true);
    return activate(x, c.activation);
}

}  // namespace

Margin same_margin(std::int64_t size, const Convolution& convolution) {
    const std::int64_t places = (size + convolution.stride - 1) / convolution.stride;
    const std::int64_t total =
        std::max<std::int64_t>((places - 1) * convolution.stride + convolution.kernel - size, 0);
    return {total / 2, total - total / 2};
}

Parameters to_parameters(const std::map<std::string, Tensor>& tensors, at::Device device) {
    Parameters parameters;
    for (const auto& [name, tensor] : tensors) {
        if (!name.starts_with("backbone.")) continue;
        auto* const values = const_cast<float*>(tensor.values.data());  // only read, and copied at once
        parameters[name] =
            at::from_blob(values, tensor.shape, at::kFloat).to(device, at::kFloat, false, true);
    }
    return parameters;
}

BlockRange blocks_of_stages(const Architecture& architecture, int first, int last) {
    BlockRange range{0, architecture.blocks.size()};
    int stage = 0;
    for (std::size_t i = 0; i < architecture.blocks.size(); ++i) {
        if (!architecture.blocks[i].ends_stage) continue;
        ++stage;
        if (stage == first) range.begin = i + 1;
        if (stage == last + 1) range.end = i + 1;
    }
    return range;
}

std::vector<at::Tensor> stages_forward(const Architecture& architecture, const Parameters& parameters,
                                       const at::Tensor& input, const StageRun& run) {
    const auto through = [&](const Convolution& c, const at::Tensor& x) {
        return convolve(c, parameters, architecture.norm_epsilon, run, x);
    };
    std::vector<at::Tensor> stages;
    at::Tensor x = input;
    const BlockRange range = blocks_of_stages(architecture, run.first, run.last);
    for (std::size_t i = range.begin; i < range.end; ++i) {
        const Block& block = architecture.blocks[i];
        at::Tensor skipped = x;
        for (const Convolution& c : block.convolutions) x = through(c, x);
        if (block.shortcut) skipped = through(*block.shortcut, skipped);
        if (block.residual) x = x + skipped;
        x = activate(x, block.activation);
        if (block.max_pool) x = at::max_pool2d(x, 3, 2, 1);
        if (block.ends_stage) stages.push_back(x);
    }
    return stages;
}

std::vector<at::Tensor> network_forward(const Architecture& architecture, const Parameters& parameters,
                                        const at::Tensor& input, int last_stage) {
    if (architecture.transformer) return transformer_forward(architecture, parameters, input);
    return stages_forward(architecture, parameters, input, {.last = last_stage});
}

at::Tensor classifier_forward(const Parameters& parameters, const at::Tensor& top_map) {
    return at::linear(top_map.mean({2, 3}), parameters.at("backbone.classifier.weight"),
                      parameters.at("backbone.classifier.bias"));
}

Parameters fold_normalisation(const Architecture& architecture, const Parameters& parameters) {
    Parameters folded = parameters;
    for (const Convolution& c : architecture.convolutions()) {
        if (parameters.count(c.name + ".bias") != 0) continue;
        const auto part = [&](const char* name) { return parameters.at(c.name + ".norm." + name); };
        const at::Tensor scale = part("weight") * at::rsqrt(part("variance") + architecture.norm_epsilon);
        folded[c.name + ".weight"] = parameters.at(c.name + ".weight") * scale.reshape({-1, 1, 1, 1});
        folded[c.name + ".bias"] = part("bias") - part("mean") * scale;
        for (const char* name : {"weight", "bias", "mean", "variance"})
            folded.erase(c.name + ".norm." + name);
    }
    return folded;
}

}  // namespace piaa
