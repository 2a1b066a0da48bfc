#include "taste/style_network.h"

#include <cmath>

#include <piaa/error.h>
#include <piaa/questionnaire.h>

#include "math/named_tensors.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXf;
using Eigen::VectorXf;

VectorXf through(const std::vector<DenseLayer>& layers, VectorXf value) {
    for (const DenseLayer& layer : layers) value = layer(value);
    return value;
}

Tensor tensor_of(const VectorXf& values) {
    return {{values.size()}, {values.data(), values.data() + values.size()}};
}

void put(TensorFile& contents, const std::string& part, const std::vector<DenseLayer>& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string name = "style." + part + "." + std::to_string(i);
        const RowMajor weights = layers[i].weights;
        contents.tensors[name + ".weight"] = {{weights.rows(), weights.cols()},
                                              {weights.data(), weights.data() + weights.size()}};
        contents.tensors[name + ".bias"] = tensor_of(layers[i].bias);
        if (layers[i].slope.size() > 0) contents.tensors[name + ".slope"] = tensor_of(layers[i].slope);
    }
}

/// The layers of one part; outputs: what the last one gives, 0 for any number.
std::vector<DenseLayer> take_layers(const NamedTensors& tensors, const std::string& file,
                                    const std::string& part, Index inputs, Index outputs) {
    std::vector<DenseLayer> all;
    for (;; inputs = all.back().bias.size()) {
        const std::string name = "style." + part + "." + std::to_string(all.size());
        if (!tensors.has(name + ".weight")) break;
        DenseLayer layer;
        layer.weights = tensors.matrix(name + ".weight", 0, inputs);
        layer.bias = tensors.vector(name + ".bias", layer.weights.rows());
        if (tensors.has(name + ".slope")) layer.slope = tensors.vector(name + ".slope", layer.weights.rows());
        all.push_back(std::move(layer));
    }
    if (outputs > 0 && (all.empty() || all.back().bias.size() != outputs))
        throw Error(ErrorCode::bad_model, file + ": tensors style." + part + " should end in " +
                                              std::to_string(outputs) + " numbers");
    return all;
}

}  // namespace

VectorXf DenseLayer::operator()(const VectorXf& input) const {
    VectorXf value = weights * input + bias;
    if (slope.size() > 0) value = (value.array() > 0).select(value, value.cwiseProduct(slope));
    return value;
}

VectorXf StyleNetwork::input(std::span<const float> taste_inputs) const {
    VectorXf value(static_cast<Index>(places.size()));
    for (std::size_t i = 0; i < places.size(); ++i)
        value[static_cast<Index>(i)] = taste_inputs[static_cast<std::size_t>(places[i])];
    return (value - mean).cwiseQuotient(deviation);
}

VectorXf StyleNetwork::axes(std::span<const float> taste_inputs) const {
    return through(personality, through(shared, input(taste_inputs))).array().tanh();
}

VectorXf StyleNetwork::distribution(std::span<const float> taste_inputs) const {
    VectorXf value = through(aesthetic, through(shared, input(taste_inputs)));
    value = (value.array() - value.maxCoeff()).exp();
    return value / value.sum();
}

void put_style_network(TensorFile& contents, const StyleNetwork& network) {
    contents.metadata["style"] = network.kind;
    for (std::size_t i = 0; i < network.descriptions.size(); ++i)
        contents.metadata["style.look." + std::to_string(i)] = network.descriptions[i];
    if (network.from_directions.size() > 0) {
        const RowMajor map = network.from_directions;
        contents.metadata["style.directions"] = network.directions_prior;
        contents.tensors["style.from_directions"] = {{map.rows(), map.cols()},
                                                     {map.data(), map.data() + map.size()}};
    }
    contents.tensors["style.places"] = tensor_of(
        Eigen::Map<const Eigen::VectorXi>(network.places.data(), static_cast<Index>(network.places.size()))
            .cast<float>());
    contents.tensors["style.mean"] = tensor_of(network.mean);
    contents.tensors["style.deviation"] = tensor_of(network.deviation);
    put(contents, "shared", network.shared);
    put(contents, "aesthetic", network.aesthetic);
    put(contents, "personality", network.personality);
}

StyleNetwork take_style_network(const TensorFile& contents, std::size_t inputs, const std::string& file) {
    const NamedTensors tensors(contents, file);
    StyleNetwork network;
    network.kind = contents.metadata.at("style");
    for (const float place : tensors.tensor("style.places").values) {
        if (!(place >= 0) || place >= static_cast<float>(inputs) || place != std::floor(place))
            throw Error(ErrorCode::bad_model, file + ": tensor style.places holds " + std::to_string(place) +
                                                  " and should hold places below " + std::to_string(inputs));
        network.places.push_back(static_cast<int>(place));
    }
    const auto text = [&](const std::string& key) {
        const auto found = contents.metadata.find(key);
        return found == contents.metadata.end() ? std::string() : found->second;
    };
    for (std::size_t i = 0; i < network.descriptions.size(); ++i)
        network.descriptions[i] = text("style.look." + std::to_string(i));
    if (tensors.has("style.from_directions")) {
        const Tensor& map = tensors.tensor("style.from_directions");
        if (map.shape.size() != 2 || map.shape[0] != static_cast<std::int64_t>(trait_count))
            throw Error(ErrorCode::bad_model, file + ": tensor style.from_directions should have five rows");
        network.from_directions = Eigen::Map<const RowMajor>(map.values.data(), map.shape[0], map.shape[1]);
        network.directions_prior = text("style.directions");
    }
    const auto width = static_cast<Index>(network.places.size());
    network.mean = tensors.vector("style.mean", width);
    network.deviation = tensors.vector("style.deviation", width);
    if (!(network.deviation.array() > 0).all())
        throw Error(ErrorCode::bad_model, file + ": tensor style.deviation should be above 0");
    network.shared = take_layers(tensors, file, "shared", width, 0);
    const Index deep = network.shared.empty() ? width : network.shared.back().bias.size();
    network.personality = take_layers(tensors, file, "personality", deep, static_cast<Index>(trait_count));
    network.aesthetic = take_layers(tensors, file, "aesthetic", deep, 0);
    if (network.aesthetic.empty() || network.aesthetic.back().bias.size() < 2)
        throw Error(ErrorCode::bad_model,
                    file + ": tensors style.aesthetic should end in two ratings or more");
    return network;
}

}  // namespace piaa
