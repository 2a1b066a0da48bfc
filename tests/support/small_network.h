#pragma once

#include <cmath>
#include <random>

#include "network/architecture.h"
#include "network/trainable_network.h"
#include "support/pictures.h"

/// A network of two stages with random weights, small enough to train in a test.
namespace piaa::test {

inline Architecture small_architecture() {
    Architecture network{"small", {}, 5, 1e-3};
    Block first;
    first.convolutions = {{"backbone.stem", 3, 6, 3, 2, 1, Activation::relu6}};
    first.ends_stage = true;
    Block second;
    second.convolutions = {{"backbone.0.depthwise", 6, 6, 3, 2, 6, Activation::relu6},
                           {"backbone.0.project", 6, 8, 1, 1, 1}};
    second.ends_stage = true;
    network.blocks = {first, second};
    return network;
}

inline std::map<std::string, Tensor> random_parameters(const Architecture& network, unsigned seed = 1) {
    std::mt19937 random(seed);
    const auto drawn = [&](std::vector<std::int64_t> shape, double low, double high) {
        std::size_t count = 1;
        for (const auto side : shape) count *= static_cast<std::size_t>(side);
        Tensor tensor{std::move(shape), std::vector<float>(count)};
        for (float& value : tensor.values)
            value = static_cast<float>(low + (high - low) * (random() % 10'000) / 10'000);
        return tensor;
    };
    std::map<std::string, Tensor> tensors;
    for (const Convolution& c : network.convolutions()) {
        const double bound = 1 / std::sqrt(c.in / c.groups * c.kernel * c.kernel);
        tensors[c.name + ".weight"] = drawn({c.out, c.in / c.groups, c.kernel, c.kernel}, -bound, bound);
        tensors[c.name + ".norm.weight"] = drawn({c.out}, 0.5, 1.5);
        tensors[c.name + ".norm.bias"] = drawn({c.out}, -0.2, 0.2);
        tensors[c.name + ".norm.mean"] = drawn({c.out}, -0.1, 0.1);
        tensors[c.name + ".norm.variance"] = drawn({c.out}, 0.5, 1.5);
    }
    const int top = network.stages().back().channels;
    tensors["backbone.classifier.weight"] = drawn({network.classes, top}, -0.5, 0.5);
    tensors["backbone.classifier.bias"] = drawn({network.classes}, -0.5, 0.5);
    return tensors;
}

/// Plain pictures of rising brightness with a pattern, and what people who like brightness say of them.
inline Image bright_picture(int number, Size size = {16, 16}) {
    return painted(size, [=](int x, int y) {
        const int value = (number * 23) % 200 + (x * 3 + y * 5 + number) % 40;
        return Colour{value, (value + number) % 256, 40 + value / 2};
    });
}
inline float brightness_of(int number) {
    return static_cast<float>((number * 23) % 200) / 200;
}

}  // namespace piaa::test
