#include "network/backend.h"

#include <unistd.h>

#include <piaa/error.h>

#include "io/installation.h"
#include "network/cpu_network.h"
#include "network/transformer/transformer_network.h"

namespace piaa {
namespace {

const Backend& open_backend() {
    std::string reason;
    const auto* const module = open_module<Backend>("torch", "piaa_torch_backend", reason);
    if (module == nullptr)
        throw Error(ErrorCode::bad_model, "the network runtime cannot be opened: " + reason);
    return *module;
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
    if (on_cpu && !half && !spec.reference) {
        if (spec.architecture.transformer)
            return make_transformer_network(spec, std::make_shared<TransformerWeights>(
                                                      spec.architecture, spec.weights, spec.weights_hash));
        if (auto network = make_cpu_network(spec, parameters)) return network;
    }
    NetworkSpec chosen = spec;
    chosen.half = half;
    return backend().make_network(chosen, reference_parameters(spec, parameters));
}

std::map<std::string, Tensor> reference_parameters(const NetworkSpec& spec,
                                                   const std::map<std::string, Tensor>& parameters) {
    if (!spec.architecture.transformer) return parameters;
    return TransformerWeights(spec.architecture, spec.weights, spec.weights_hash).unpacked();
}

const Backend& backend() {
    static const Backend& opened = open_backend();
    return opened;
}

}  // namespace piaa
