#pragma once

#include <map>
#include <memory>
#include <string>

#include "network/backend.h"

namespace piaa {

/// The fast way on a CPU: XNNPACK itself, without LibTorch, which takes more than a second to load. Batch
/// normalisation is folded, maps are channels last, weights are packed beforehand. One photo at a time on one
/// core; several threads may run it at once, each on a copy of the network.
///
/// Nothing where XNNPACK is not installed or does not know the processor (its probe reads /proc, which a bare
/// chroot lacks).
std::unique_ptr<Network> make_cpu_network(const NetworkSpec& spec,
                                          const std::map<std::string, Tensor>& parameters);

}  // namespace piaa
