#include <cmath>
#include <random>

#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "network/architecture.h"
#include "network/backend.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

/// Weights that keep the numbers of a deep network in range, and batch-normalisation statistics.
std::map<std::string, Tensor> random_parameters(const Architecture& architecture) {
    std::mt19937 random(7);
    const auto filled = [&](std::vector<std::int64_t> shape, float low, float high) {
        std::uniform_real_distribution<float> value(low, high);
        std::int64_t count = 1;
        for (const auto side : shape) count *= side;
        Tensor tensor{std::move(shape), std::vector<float>(count)};
        for (float& v : tensor.values) v = value(random);
        return tensor;
    };
    std::map<std::string, Tensor> parameters;
    for (const Convolution& c : architecture.convolutions()) {
        const float bound = std::sqrt(6.0F / static_cast<float>(c.in / c.groups * c.kernel * c.kernel));
        parameters[c.name + ".weight"] = filled({c.out, c.in / c.groups, c.kernel, c.kernel}, -bound, bound);
        parameters[c.name + ".norm.weight"] = filled({c.out}, 0.5F, 1.5F);
        parameters[c.name + ".norm.bias"] = filled({c.out}, -0.5F, 0.5F);
        parameters[c.name + ".norm.mean"] = filled({c.out}, -0.5F, 0.5F);
        parameters[c.name + ".norm.variance"] = filled({c.out}, 0.5F, 2);
    }
    return parameters;
}

NetworkSpec spec_of(const Architecture& architecture) {
    NetworkSpec spec{architecture, {}, {127, 127, 127}, {128, 128, 128}, "cpu"};
    for (std::size_t i = 0; i < architecture.stages().size(); ++i) spec.stages.push_back(static_cast<int>(i));
    return spec;
}

/// Largest difference over the largest value, over all numbers of one stage.
double relative_difference(const FeatureMap& a, const FeatureMap& b) {
    REQUIRE(a.values.size() == b.values.size());
    double difference = 0;
    double largest = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        difference = std::max<double>(difference, std::abs(a.values[i] - b.values[i]));
        largest = std::max<double>(largest, std::abs(b.values[i]));
    }
    return difference / largest;
}

}  // namespace

TEST_CASE("the fast way gives the maps of the network as trained", "[network]") {
    const std::string name =
        GENERATE("efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2", "resnet18");
    const Size size = GENERATE(Size{96, 64}, Size{75, 101});
    const Architecture architecture = find_architecture(name);
    const auto parameters = random_parameters(architecture);
    NetworkSpec spec = spec_of(architecture);
    const auto fast = make_network(spec, parameters);
    spec.reference = true;
    const auto reference = make_network(spec, parameters);

    const std::vector<Image> images{test::random_pixels(size)};
    const auto fast_maps = fast->run(images);
    const auto reference_maps = reference->run(images);
    REQUIRE(fast_maps.at(0).size() == architecture.stages().size());
    for (std::size_t stage = 0; stage < architecture.stages().size(); ++stage) {
        const FeatureMap& map = fast_maps[0][stage];
        CHECK(map.channels == architecture.stages()[stage].channels);
        const int stride = architecture.stages()[stage].stride;
        CHECK(map.width == (size.width + stride - 1) / stride);
        CHECK(relative_difference(map, reference_maps[0][stage]) < 1e-4);
    }
}

TEST_CASE("ResNet-18 has the structure of its paper", "[network]") {
    const Architecture network = find_architecture("resnet18");
    std::int64_t parameters = 0;
    for (const Convolution& c : network.convolutions())
        parameters += std::int64_t{c.out} * (c.in / c.groups) * c.kernel * c.kernel + 2 * c.out;
    CHECK(parameters == 11'176'512);  // 11,689,512 with the classifier of 512 * 1000 + 1000
    CHECK(network.convolutions().size() == 20);
    CHECK(network.stages().back().channels == 512);
    CHECK(network.stages().back().stride == 32);
}

TEST_CASE("EfficientNet-Lite widens and deepens as its paper says", "[network]") {
    const auto depth = [](const char* name) { return find_architecture(name).blocks.size(); };
    CHECK(depth("efficientnet-lite0") == 18);
    CHECK(depth("efficientnet-lite1") == 23);
    CHECK(depth("efficientnet-lite2") == 23);
    std::vector<int> channels;
    for (const Stage& stage : find_architecture("efficientnet-lite2").stages())
        channels.push_back(stage.channels);
    CHECK(channels == std::vector<int>{16, 24, 48, 88, 120, 208, 352, 1280});
}

TEST_CASE("a device that is not there is named", "[network]") {
    const Architecture architecture = find_architecture("tiny");
    NetworkSpec spec = spec_of(architecture);
    const auto parameters = random_parameters(architecture);
    const std::string device = GENERATE("cuda:77", "gpu", "cuda:x", "");
    spec.device = device;
    CHECK_THROWS_WITH(make_network(spec, parameters), ContainsSubstring(device));
}
