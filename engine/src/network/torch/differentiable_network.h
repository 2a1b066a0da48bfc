#pragma once

#include <map>
#include <memory>
#include <string>

#include "network/backend.h"

namespace piaa {

/// The network layer by layer as trained, on any device, with what LibTorch needs to go back through it.
std::unique_ptr<DifferentiableNetwork> make_differentiable_network(
    const NetworkSpec& spec, const std::map<std::string, Tensor>& parameters, const std::string& device);

}  // namespace piaa
