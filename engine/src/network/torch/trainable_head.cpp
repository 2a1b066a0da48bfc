#include "network/torch/trainable_head.h"

#include <cmath>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/prelu.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros.h>

#include <piaa/error.h>

namespace piaa {
namespace {

constexpr double epsilon = 1e-5;
constexpr double prelu_slope = 0.25;

std::string layer_name(const HeadSpec& spec, std::size_t layer) {
    return spec.name + "." + std::to_string(layer);
}

}  // namespace

bool is_statistic(const std::string& name) {
    return name.ends_with(".norm.mean") || name.ends_with(".norm.variance");
}

Parameters make_head(const HeadSpec& spec, std::int64_t inputs, std::uint64_t seed, at::Device device) {
    at::Generator generator = at::detail::createCPUGenerator(seed);
    Parameters parameters;
    // Everything is drawn, so that what a start leaves out does not depend on what it names.
    const auto drawn = [&](std::vector<std::int64_t> shape, std::int64_t fan_in) {
        at::Tensor value = at::empty(shape);
        const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
        return value.uniform_(-bound, bound, generator);
    };
    for (std::size_t layer = 0; layer <= spec.hidden.size(); ++layer) {
        const bool last = layer == spec.hidden.size();
        const std::int64_t width = last ? spec.outputs : spec.hidden[layer];
        const std::string name = layer_name(spec, layer);
        parameters[name + ".weight"] = drawn({width, inputs}, inputs);
        parameters[name + ".bias"] = drawn({width}, inputs);
        if (!last) {
            parameters[name + ".norm.weight"] = at::ones({width});
            parameters[name + ".norm.bias"] = at::zeros({width});
            parameters[name + ".slope"] = at::full({1}, prelu_slope);
            if (spec.batch_norm) {
                parameters[name + ".norm.mean"] = at::zeros({width});
                parameters[name + ".norm.variance"] = at::ones({width});
            }
        }
        inputs = width;
    }
    for (const auto& [name, tensor] : spec.start) {
        const auto found = parameters.find(name);
        if (found == parameters.end() || found->second.sizes() != at::IntArrayRef(tensor.shape))
            throw Error(ErrorCode::bad_argument, "tensor " + name + " does not fit head " + spec.name);
        found->second =
            at::from_blob(const_cast<float*>(tensor.values.data()), tensor.shape, at::kFloat).clone();
    }
    for (auto& [name, value] : parameters) value = value.to(device);
    return parameters;
}

at::Tensor head_forward(const HeadSpec& spec, const Parameters& parameters, at::Tensor x,
                        const HeadRun& run) {
    at::Generator generator = at::detail::createCPUGenerator(run.dropout_seed);
    for (std::size_t layer = 0; layer <= spec.hidden.size(); ++layer) {
        const std::string name = layer_name(spec, layer);
        const auto part = [&](const char* suffix) { return parameters.at(name + suffix); };
        x = at::linear(x, part(".weight"), part(".bias"));
        if (layer == spec.hidden.size()) break;
        // One photo has no batch statistics.
        const bool batch = run.training && x.size(0) > 1;
        x = spec.batch_norm
                ? at::batch_norm(x, part(".norm.weight"), part(".norm.bias"), part(".norm.mean"),
                                 part(".norm.variance"), batch, 0.1, epsilon, false)
                : at::layer_norm(x, {x.size(1)}, part(".norm.weight"), part(".norm.bias"), epsilon);
        x = at::prelu(x, part(".slope"));
        if (run.training && spec.dropout > 0) {
            const at::Tensor kept = at::rand(x.sizes(), generator, at::kFloat).ge(spec.dropout);
            x = x * kept.to(x.device(), x.scalar_type()) / (1 - spec.dropout);
        }
    }
    switch (spec.output) {
        case HeadSpec::Output::softmax:
            return at::softmax(x, 1);
        case HeadSpec::Output::tanh:
            return at::tanh(x);
        case HeadSpec::Output::sigmoid:
            return at::sigmoid(x);
        case HeadSpec::Output::plain:
            break;
    }
    return x;
}

}  // namespace piaa
