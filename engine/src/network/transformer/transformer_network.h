#pragma once

#include <memory>

#include "network/backend.h"
#include "network/transformer/transformer_weights.h"

namespace piaa {

/// The fast way of a transformer on a CPU: own kernels for each level of instructions, matrices in whole
/// numbers of 8 bits where the processor multiplies them fast, each token with a scale and a zero point of
/// its own. One photo at a time on the calling thread; the weights are shared.
std::unique_ptr<Network> make_transformer_network(const NetworkSpec& spec,
                                                  std::shared_ptr<const TransformerWeights> weights);

/// "cpu", or "cpu-float" where the level does not multiply whole numbers, so that its numbers differ a
/// little.
PIAA_API std::string transformer_device(const std::string& instructions);

}  // namespace piaa
