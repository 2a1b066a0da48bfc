#pragma once

#include <piaa/export.h>
#include <piaa/model.h>

namespace piaa {

/// Loads the network runtime and the model's network now rather than for the first photo. Throws
/// Error(bad_model) when the runtime cannot be opened, Error(device) when the device is not there.
PIAA_API void start_network(const Model& model);

}  // namespace piaa
