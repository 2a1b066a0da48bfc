#include "backend.h"

#include <dlfcn.h>
#include <unistd.h>

#include <piaa/error.h>

#include "cpu_network.h"
#include "installation.h"

namespace piaa {
namespace {

const Backend& open_backend() {
    const std::string file = (library_folder() / "piaa" / "libpiaa_torch.so").string();
    // Never closed: LibTorch does not survive being unloaded.
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    using Factory = const Backend* (*)();
    const auto factory =
        library == nullptr ? nullptr : reinterpret_cast<Factory>(::dlsym(library, "piaa_torch_backend"));
    if (factory == nullptr) {
        const char* reason = ::dlerror();
        throw Error(ErrorCode::bad_model, std::string("the network runtime cannot be opened: ") +
                                              (reason != nullptr ? reason : file.c_str()));
    }
    return *factory();
}

}  // namespace

bool has_gpu_driver() {
    for (const char* device : {"/dev/nvidiactl", "/dev/dxg", "/dev/kfd"})
        if (::access(device, F_OK) == 0) return true;
    return false;
}

std::unique_ptr<Network> make_network(const NetworkSpec& spec,
                                      const std::map<std::string, Tensor>& parameters) {
    const bool any = spec.device == "auto";
    const bool on_cpu = spec.device == "cpu" || (any && (!has_gpu_driver() || backend().gpu_count() == 0));
    // 16 bits are for speed, and on a CPU they are slower, so there they are only for who names it.
    const bool half = spec.half && !(any && on_cpu);
    if (on_cpu && !half && !spec.reference)
        if (auto network = make_cpu_network(spec, parameters)) return network;
    NetworkSpec chosen = spec;
    chosen.half = half;
    return backend().make_network(chosen, parameters);
}

const Backend& backend() {
    static const Backend& opened = open_backend();
    return opened;
}

}  // namespace piaa
