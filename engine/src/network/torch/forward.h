#pragma once

#include <map>
#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include "io/tensor_file.h"
#include "network/architecture.h"

namespace piaa {

using Parameters = std::map<std::string, at::Tensor>;

/// Copies the tensors called "backbone..." to the device.
Parameters to_parameters(const std::map<std::string, Tensor>& tensors, at::Device device);

/// The maps of the stages 0 to last_stage (default: all), each [batch, channels, height, width].
///
/// input: float32 [batch, 3, height, width], already normalised. Layer by layer as trained, with the stored
/// batch-normalisation statistics. Every step is differentiable in the parameters and the input.
std::vector<at::Tensor> network_forward(const Architecture& architecture, const Parameters& parameters,
                                        const at::Tensor& input, int last_stage = -1);

/// All stages of a transformer: the patches' tokens after each block, [batch, width, grid, grid], then the
/// class tokens, [batch, width, 1, 1].
std::vector<at::Tensor> transformer_forward(const Architecture& architecture, const Parameters& parameters,
                                            const at::Tensor& input);

/// How stages_forward() runs.
struct StageRun {
    int first = 0;                  ///< the stage it begins with; 0: with the pixels
    int last = -1;                  ///< the stage it ends with; -1: the network's last
    bool batch_statistics = false;  ///< normalise by this batch, and move the stored statistics towards it
    double momentum = 0.1;          ///< how far
};

/// The maps of some of the stages, from what stage `first` takes in: the map of the stage before it, or the
/// network's input.
std::vector<at::Tensor> stages_forward(const Architecture& architecture, const Parameters& parameters,
                                       const at::Tensor& input, const StageRun& run);

/// The blocks [begin, end) that make up stages first to last.
struct BlockRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};
BlockRange blocks_of_stages(const Architecture& architecture, int first, int last = -1);

/// Outputs of the original classifier, [batch, classes], from the last stage's map.
at::Tensor classifier_forward(const Parameters& parameters, const at::Tensor& top_map);

/// The same network with each batch normalisation worked into its convolution's weight and bias.
Parameters fold_normalisation(const Architecture& architecture, const Parameters& parameters);

/// Zeros around a map so that a convolution without padding obeys Padding::same.
struct Margin {
    std::int64_t before = 0;
    std::int64_t after = 0;
};
Margin same_margin(std::int64_t size, const Convolution& convolution);

}  // namespace piaa
