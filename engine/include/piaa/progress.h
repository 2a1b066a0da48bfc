#pragma once

#include <functional>

namespace piaa {

/// Called now and then during long work with the share done, 0 to 1. Return false to stop: the work then
/// throws Error(cancelled) and leaves nothing half-written.
using Progress = std::function<bool(double done)>;

}  // namespace piaa
