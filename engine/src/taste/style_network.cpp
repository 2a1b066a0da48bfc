#include "taste/style_network.h"

#include <cmath>

#include <piaa/error.h>
#include <piaa/questionnaire.h>

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXf;
using Eigen::VectorXf;

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

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

/// Reads the tensors of one file.
class StyleReader {
public:
    StyleReader(const TensorFile& contents, const std::string& file) : contents_(contents), file_(file) {}

    VectorXf vector(const std::string& name, Index size) const {
        const Tensor& found = tensor(name);
        if (static_cast<Index>(found.values.size()) != size) refuse(name, found, std::to_string(size));
        return Eigen::Map<const VectorXf>(found.values.data(), size);
    }

    std::vector<DenseLayer> layers(const std::string& part, Index inputs, Index outputs) const {
        std::vector<DenseLayer> all;
        for (;; inputs = all.back().bias.size()) {
            const std::string name = "style." + part + "." + std::to_string(all.size());
            if (!contents_.tensors.contains(name + ".weight")) break;
            const Tensor& weights = tensor(name + ".weight");
            if (weights.shape.size() != 2 || weights.shape[1] != inputs || weights.shape[0] < 1)
                refuse(name + ".weight", weights, "outputs x " + std::to_string(inputs));
            DenseLayer layer;
            layer.weights = Eigen::Map<const RowMajor>(weights.values.data(), weights.shape[0], inputs);
            layer.bias = vector(name + ".bias", weights.shape[0]);
            if (contents_.tensors.contains(name + ".slope"))
                layer.slope = vector(name + ".slope", weights.shape[0]);
            all.push_back(std::move(layer));
        }
        if (outputs > 0 && (all.empty() || all.back().bias.size() != outputs))
            throw Error(ErrorCode::bad_model, file_ + ": tensors style." + part + " should end in " +
                                                  std::to_string(outputs) + " numbers");
        return all;
    }

    const Tensor& tensor(const std::string& name) const {
        const auto found = contents_.tensors.find(name);
        if (found == contents_.tensors.end())
            throw Error(ErrorCode::bad_model, file_ + ": tensor " + name + " is missing");
        return found->second;
    }

private:
    [[noreturn]] void refuse(const std::string& name, const Tensor& found, const std::string& wanted) const {
        throw Error(ErrorCode::bad_model, file_ + ": tensor " + name + " has " +
                                              std::to_string(found.values.size()) +
                                              " values and should have " + wanted);
    }

    const TensorFile& contents_;
    const std::string& file_;
};

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
    const StyleReader reader(contents, file);
    StyleNetwork network;
    network.kind = contents.metadata.at("style");
    for (const float place : reader.tensor("style.places").values) {
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
    if (contents.tensors.contains("style.from_directions")) {
        const Tensor& map = reader.tensor("style.from_directions");
        if (map.shape.size() != 2 || map.shape[0] != static_cast<std::int64_t>(trait_count))
            throw Error(ErrorCode::bad_model, file + ": tensor style.from_directions should have five rows");
        network.from_directions = Eigen::Map<const RowMajor>(map.values.data(), map.shape[0], map.shape[1]);
        network.directions_prior = text("style.directions");
    }
    const auto width = static_cast<Index>(network.places.size());
    network.mean = reader.vector("style.mean", width);
    network.deviation = reader.vector("style.deviation", width);
    if (!(network.deviation.array() > 0).all())
        throw Error(ErrorCode::bad_model, file + ": tensor style.deviation should be above 0");
    network.shared = reader.layers("shared", width, 0);
    const Index deep = network.shared.empty() ? width : network.shared.back().bias.size();
    network.personality = reader.layers("personality", deep, static_cast<Index>(trait_count));
    network.aesthetic = reader.layers("aesthetic", deep, 0);
    if (network.aesthetic.empty() || network.aesthetic.back().bias.size() < 2)
        throw Error(ErrorCode::bad_model,
                    file + ": tensors style.aesthetic should end in two ratings or more");
    return network;
}

}  // namespace piaa
