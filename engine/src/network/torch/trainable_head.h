#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "network/torch/forward.h"
#include "network/trainable_network.h"

namespace piaa {

/// The tensors of a head on `inputs` numbers: those of spec.start, the others drawn with the seed. Running
/// statistics of batch normalisation are among them. Throws Error(bad_argument) for a start of another shape.
Parameters make_head(const HeadSpec& spec, std::int64_t inputs, std::uint64_t seed, at::Device device);

/// Whether a tensor of a head is a running statistic rather than something that learns.
bool is_statistic(const std::string& name);

/// How a head runs.
struct HeadRun {
    bool training = false;           ///< dropout, and batch statistics where there is batch normalisation
    std::uint64_t dropout_seed = 0;  ///< decides what is dropped
};

/// Outputs [photos, outputs] for inputs [photos, numbers]; differentiable in both.
at::Tensor head_forward(const HeadSpec& spec, const Parameters& parameters, at::Tensor x, const HeadRun& run);

}  // namespace piaa
