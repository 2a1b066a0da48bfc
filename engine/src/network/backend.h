#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/feature_map.h>
#include <piaa/image.h>

#include "io/tensor_file.h"
#include "network/architecture.h"

namespace piaa {

class TrainableNetwork;
struct TrainableSpec;

/// A network, ready to run. Safe to call from several threads at once, each of which then uses one core.
class Network {
public:
    virtual ~Network() = default;
    /// "cpu" or "cuda:0", and "-half" after it where it computes with 16 bits.
    virtual std::string device() const = 0;
    /// The maps of the chosen stages, per photo. Photos of one size share a batch.
    virtual std::vector<std::vector<FeatureMap>> run(std::span<const Image> inputs) const = 0;
    /// The outputs of the classifier the backbone was first trained with, per photo; empty without one.
    virtual std::vector<std::vector<float>> classify(std::span<const Image> inputs) const = 0;
};

/// Which way the weighted sum of the pooled numbers of a photo changes, and with what.
struct Gradients {
    std::vector<float> input;         ///< by each pixel, as the pixels were given
    std::vector<FeatureMap> maps;     ///< the chosen stages
    std::vector<FeatureMap> by_maps;  ///< by each of their values
};

/// A network that can be run backwards. Safe to call from several threads at once.
class DifferentiableNetwork {
public:
    virtual ~DifferentiableNetwork() = default;
    /// pixels: size.height * size.width * 3 numbers from 0 to 255, not necessarily whole. weights: one a
    /// pooled number, in the order of Features::pooled.
    virtual Gradients gradients(Size size, std::span<const float> pixels,
                                std::span<const float> weights) const = 0;
};

/// What make_network() builds.
struct NetworkSpec {
    Architecture architecture;
    std::vector<int> stages;      ///< which stage maps run() returns, ascending
    std::array<float, 3> mean{};  ///< input = (pixel - mean) / deviation, pixels from 0 to 255
    std::array<float, 3> deviation{};
    std::string device = "auto";  ///< "auto", "cpu", "cuda", "cuda:N"
    bool reference = false;       ///< run layer by layer as trained, to check the fast way against
    std::string weights = {};     ///< a transformer's weights file, and its hash
    std::string weights_hash = {};
    std::string instructions = "auto";  ///< for a transformer on a CPU: see find_operations()
    bool half =
        false;  ///< with 16 bits per number: float16 on a GPU, bfloat16 on a CPU unless "auto" chose it
};

/// Whether the system has a driver for GPUs that LibTorch can use: NVIDIA's, Windows' or AMD's.
bool has_gpu_driver();

/// A network to score with: on a CPU by make_cpu_network(), elsewhere and where that gives none by LibTorch.
/// parameters: the tensors called "backbone...", already checked by check_parameters(). Throws Error(device)
/// when the device is not there. A transformer's parameters come from its weights file instead.
PIAA_API std::unique_ptr<Network> make_network(const NetworkSpec& spec,
                                               const std::map<std::string, Tensor>& parameters);

/// The parameters of the layer-by-layer way: a transformer's weights file in floats, else what is given.
PIAA_API std::map<std::string, Tensor> reference_parameters(const NetworkSpec& spec,
                                                            const std::map<std::string, Tensor>& parameters);

/// The one door between libpiaa and LibTorch, opened on first need because loading LibTorch takes more than a
/// second. Only plain values pass through it.
class Backend {
public:
    virtual ~Backend() = default;
    virtual int gpu_count() const = 0;
    /// Layer by layer as trained, on any device. Throws as the function above.
    virtual std::unique_ptr<Network> make_network(const NetworkSpec& spec,
                                                  const std::map<std::string, Tensor>& parameters) const = 0;
    /// A network that learns, from the same tensors. Throws as make_network(), and Error(bad_argument) for a
    /// spec that does not fit them.
    virtual std::unique_ptr<TrainableNetwork> make_trainable(
        const TrainableSpec& spec, const std::map<std::string, Tensor>& parameters) const = 0;
    /// The same network for running it backwards.
    virtual std::unique_ptr<DifferentiableNetwork> make_differentiable(
        const NetworkSpec& spec, const std::map<std::string, Tensor>& parameters) const = 0;
};

/// Opens libpiaa_torch beside libpiaa, once. Throws Error(bad_model) with the loader's reason when it cannot.
PIAA_API const Backend& backend();

}  // namespace piaa
