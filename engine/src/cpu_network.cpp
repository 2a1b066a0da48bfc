#include "cpu_network.h"

#include <dlfcn.h>

#include "installation.h"
#include "xnnpack/xnnpack_module.h"

namespace piaa {
namespace {

const CpuNetworks* open_networks() {
    const std::string file = (library_folder() / "piaa" / "libpiaa_xnnpack.so").string();
    // Kept to itself: a LibTorch that is opened later may bring an XNNPACK of its own.
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    using Factory = const CpuNetworks* (*)();
    const auto factory =
        library == nullptr ? nullptr : reinterpret_cast<Factory>(::dlsym(library, "piaa_cpu_networks"));
    return factory == nullptr ? nullptr : factory();
}

}  // namespace

std::unique_ptr<Network> make_cpu_network(const NetworkSpec& spec,
                                          const std::map<std::string, Tensor>& parameters) {
    static const CpuNetworks* const networks = open_networks();
    return networks == nullptr ? nullptr : networks->make(spec, parameters);
}

}  // namespace piaa
