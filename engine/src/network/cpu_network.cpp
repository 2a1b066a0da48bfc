#include "network/cpu_network.h"

#include "io/installation.h"
#include "network/xnnpack/xnnpack_module.h"

namespace piaa {

std::unique_ptr<Network> make_cpu_network(const NetworkSpec& spec,
                                          const std::map<std::string, Tensor>& parameters) {
    static const CpuNetworks* const networks = [] {
        std::string ignored;
        return open_module<CpuNetworks>("xnnpack", "piaa_cpu_networks", ignored);
    }();
    return networks == nullptr ? nullptr : networks->make(spec, parameters);
}

}  // namespace piaa
