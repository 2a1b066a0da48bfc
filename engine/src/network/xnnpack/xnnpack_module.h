#pragma once

#include <map>
#include <memory>
#include <string>

#include "network/backend.h"

namespace piaa {

/// What libpiaa_xnnpack offers, through its function piaa_cpu_networks(); that gives null where XNNPACK does
/// not run.
class CpuNetworks {
public:
    virtual ~CpuNetworks() = default;
    virtual std::unique_ptr<Network> make(const NetworkSpec& spec,
                                          const std::map<std::string, Tensor>& parameters) const = 0;
};

}  // namespace piaa
