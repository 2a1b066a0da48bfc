#include <algorithm>
#include <string>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>

#include <piaa/error.h>

#include "io/malloc_tuning.h"
#include "network/backend.h"
#include "network/torch/differentiable_network.h"
#include "network/torch/reference_network.h"
#include "network/torch/torch_errors.h"
#include "network/torch/trainable.h"
#include "network/torch/translated_trainable.h"

namespace piaa {
namespace {

/// Parallelism is one photo per thread of the caller, so each call must stay on one core.
void prepare_process() {
    at::set_num_threads(1);
    // OpenBLAS has threads of its own, which at::set_num_threads does not reach.
    using SetThreads = void (*)(int);
    if (const auto set_threads =
            reinterpret_cast<SetThreads>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
        set_threads(1);
    keep_freed_memory();
}

int gpu_count() {
    return at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
}

/// "cpu" or "cuda:N" for what the user asked for.
std::string chosen_device(const std::string& asked) {
    const int gpus = gpu_count();
    if (asked == "cpu" || (asked == "auto" && gpus == 0)) return "cpu";
    if (asked == "auto" || asked == "cuda" || asked.starts_with("cuda:")) {
        const std::string number = asked.starts_with("cuda:") ? asked.substr(5) : "0";
        const bool digits =
            !number.empty() && number.size() < 4 &&
            std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (digits && std::stoi(number) < gpus) return "cuda:" + std::to_string(std::stoi(number));
        if (digits)
            throw Error(ErrorCode::device, "device " + asked + " is not there: LibTorch finds " +
                                               std::to_string(gpus) + " CUDA devices");
    }
    throw Error(ErrorCode::device, "device is \"" + asked + "\" and should be auto, cpu, cuda or cuda:N");
}

class TorchBackend : public Backend {
public:
    TorchBackend() { prepare_process(); }

    std::unique_ptr<Network> make_network(const NetworkSpec& spec,
                                          const std::map<std::string, Tensor>& parameters) const override {
        const std::string device = chosen_device(spec.device);
        return translating_errors(device, [&] { return make_reference_network(spec, parameters, device); });
    }

    int gpu_count() const override { return piaa::gpu_count(); }

    std::unique_ptr<TrainableNetwork> make_trainable(
        const TrainableSpec& spec, const std::map<std::string, Tensor>& parameters) const override {
        const std::string device = chosen_device(spec.device);
        auto network =
            translating_errors(device, [&] { return make_torch_trainable(spec, parameters, device); });
        return std::make_unique<TranslatedTrainable>(std::move(network), device);
    }

    std::unique_ptr<DifferentiableNetwork> make_differentiable(
        const NetworkSpec& spec, const std::map<std::string, Tensor>& parameters) const override {
        const std::string device = chosen_device(spec.device);
        return translating_errors(device,
                                  [&] { return make_differentiable_network(spec, parameters, device); });
    }
};

}  // namespace
}  // namespace piaa

extern "C" PIAA_API const piaa::Backend* piaa_torch_backend() {
    static const piaa::TorchBackend backend;
    return &backend;
}
