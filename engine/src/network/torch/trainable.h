#pragma once

#include <map>
#include <memory>
#include <string>

#include "network/trainable_network.h"

namespace piaa {

/// device: "cpu", "cuda:0".
std::unique_ptr<TrainableNetwork> make_torch_trainable(const TrainableSpec& spec,
                                                       const std::map<std::string, Tensor>& parameters,
                                                       const std::string& device);

}  // namespace piaa
