#pragma once

#include <map>
#include <memory>
#include <string>

#include "backend.h"

namespace piaa {

/// The fast way on a CPU: batch normalisation folded, channels last, XNNPACK convolutions with their weights
/// packed beforehand. One photo at a time on one core; several threads may run it at once.
std::unique_ptr<Network> make_prepacked_network(const NetworkSpec& spec,
                                                const std::map<std::string, Tensor>& parameters);

}  // namespace piaa
