#include "network/transformer/transformer_weights.h"

#include <cstring>

#include <piaa/error.h>
#include <piaa/sha256.h>

#include "network/transformer/levels.h"

namespace piaa {

using transformer::lanes;

std::string position_name(int grid) {
    return "backbone.position." + std::to_string(grid);
}

TransformerWeights::TransformerWeights(const Architecture& architecture, const boost::filesystem::path& file,
                                       const std::string& hash)
    : name_(file.string()), shape_(*architecture.transformer), file_(file) {
    const std::string found = sha256(file_.bytes());
    if (found != hash) refuse("hash is " + found + " and should be " + hash + ", as the model says");
    views_ = parse_tensor_views(file_.bytes(), name_);
    const std::size_t width = shape_.width;
    const auto norm = [&](const std::string& name) {
        return transformer::Norm{floats(name + ".weight", width), floats(name + ".bias", width)};
    };
    weights_.patch = floats("backbone.patch", std::size_t{3} * shape_.patch * shape_.patch * width);
    weights_.class_token = floats("backbone.class", width);
    weights_.before = norm("backbone.before");
    weights_.after = norm("backbone.after");
    for (int i = 0; i < shape_.blocks; ++i) {
        const std::string block = "backbone." + std::to_string(i);
        weights_.blocks.push_back({norm(block + ".norm1"), norm(block + ".norm2"),
                                   matrix(block + ".qkv", shape_.width, 3 * shape_.width),
                                   matrix(block + ".out", shape_.width, shape_.width),
                                   matrix(block + ".wide", shape_.width, shape_.hidden),
                                   matrix(block + ".narrow", shape_.hidden, shape_.width)});
    }
}

transformer::NetworkWeights TransformerWeights::for_grid(int grid) const {
    if (!views_.tensors.contains(position_name(grid)))
        refuse("has no positions for " + std::to_string(grid) + " patches a side");
    transformer::NetworkWeights weights = weights_;
    weights.positions = floats(position_name(grid), static_cast<std::size_t>(1 + grid * grid) * shape_.width);
    return weights;
}

std::map<std::string, Tensor> TransformerWeights::unpacked() const {
    std::map<std::string, Tensor> tensors;
    for (const auto& [name, view] : views_.tensors) {
        if (!name.starts_with("backbone.")) continue;
        if (view.type == NumberType::f32) {
            Tensor tensor{view.shape, std::vector<float>(view.bytes.size() / sizeof(float))};
            std::memcpy(tensor.values.data(), view.bytes.data(), view.bytes.size());
            tensors[name] = std::move(tensor);
            continue;
        }
        const auto out = static_cast<std::size_t>(view.shape[0] * lanes);
        const auto in = static_cast<std::size_t>(view.shape[1] * 4);
        const auto* const numbers = reinterpret_cast<const std::int8_t*>(view.bytes.data());
        const float* const scale = floats(name.substr(0, name.rfind('.')) + ".scale", out);
        Tensor tensor{{static_cast<std::int64_t>(out), static_cast<std::int64_t>(in)},
                      std::vector<float>(out * in)};
        for (std::size_t o = 0; o < out; ++o)
            for (std::size_t k = 0; k < in; ++k) {
                const std::size_t place = o / lanes * lanes * in + k / 4 * lanes * 4 + o % lanes * 4 + k % 4;
                tensor.values[o * in + k] = scale[o] * static_cast<float>(numbers[place]);
            }
        tensors[name] = std::move(tensor);
    }
    return tensors;
}

const TensorView& TransformerWeights::find(const std::string& name) const {
    const auto found = views_.tensors.find(name);
    if (found == views_.tensors.end()) refuse("tensor " + name + " is missing");
    if (reinterpret_cast<std::uintptr_t>(found->second.bytes.data()) % 64 != 0)
        refuse("tensor " + name + " does not begin at a multiple of 64 bytes");
    return found->second;
}

const float* TransformerWeights::floats(const std::string& name, std::size_t count) const {
    const TensorView& view = find(name);
    if (view.type != NumberType::f32 || view.bytes.size() != count * sizeof(float))
        refuse("tensor " + name + " should hold " + std::to_string(count) + " numbers of type F32");
    return reinterpret_cast<const float*>(view.bytes.data());
}

transformer::Matrix TransformerWeights::matrix(const std::string& name, int in, int out) {
    const TensorView& view = find(name + ".weight");
    if (view.type != NumberType::i8 || view.shape != std::vector<std::int64_t>{out / lanes, in / 4, lanes, 4})
        refuse("tensor " + name + ".weight should be of type I8 and shape [" + std::to_string(out / lanes) +
               ", " + std::to_string(in / 4) + ", 16, 4]");
    auto& sums = sums_.emplace_back(out);
    const auto* const weights = reinterpret_cast<const std::int8_t*>(view.bytes.data());
    transformer::find_operations("auto").sum(weights, in, out, sums.data());
    return {weights, floats(name + ".scale", out), floats(name + ".bias", out), sums.data(), in, out};
}

void TransformerWeights::refuse(const std::string& reason) const {
    throw Error(ErrorCode::bad_model, name_ + ": " + reason);
}

}  // namespace piaa
