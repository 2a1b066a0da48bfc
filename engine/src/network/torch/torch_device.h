#pragma once

#include <map>
#include <memory>
#include <string>

#include "network/backend.h"
#include "network/device_queue.h"

namespace piaa {

/// A network on any device of LibTorch, layer by layer as trained. On a GPU pixels go there as bytes from
/// pinned memory on a stream of their own while the batch before is worked on, and the maps come back into
/// pinned memory; on a CPU each batch is done when begin() returns.
std::unique_ptr<BatchDevice> make_torch_device(const NetworkSpec& spec,
                                               const std::map<std::string, Tensor>& parameters,
                                               const std::string& device);

}  // namespace piaa
