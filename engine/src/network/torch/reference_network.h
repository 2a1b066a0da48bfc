#pragma once

#include <map>
#include <memory>
#include <string>

#include "network/backend.h"

namespace piaa {

/// The network layer by layer as trained, on any device ("cpu", "cuda:0"): the way on a GPU, and what the
/// fast way is checked against. Photos of one size share a batch, also those of several threads.
std::unique_ptr<Network> make_reference_network(const NetworkSpec& spec,
                                                const std::map<std::string, Tensor>& parameters,
                                                const std::string& device);

}  // namespace piaa
