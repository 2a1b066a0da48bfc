#include "network/torch/differentiable_network.h"

#include <utility>

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/autograd.h>

#include "network/pooling.h"
#include "network/torch/forward.h"
#include "network/torch/torch_errors.h"

namespace piaa {
namespace {

class TorchDifferentiableNetwork : public DifferentiableNetwork {
public:
    TorchDifferentiableNetwork(NetworkSpec spec, const std::map<std::string, Tensor>& parameters,
                               const std::string& device)
        : spec_(std::move(spec)), device_(device), parameters_(to_parameters(parameters, device_)) {}

    Gradients gradients(Size size, std::span<const float> pixels,
                        std::span<const float> weights) const override {
        return translating_errors(device_.str(), [&] {
            at::init_num_threads();
            const at::AutoGradMode with_gradients(true);
            at::Tensor input = to_tensor(pixels, {size.height, size.width, 3});
            input.requires_grad_(true);
            const at::Tensor normalised = ((input - row(spec_.mean)) / row(spec_.deviation))
                                              .permute({2, 0, 1})
                                              .unsqueeze(0)
                                              .contiguous();
            const auto stages =
                network_forward(spec_.architecture, parameters_, normalised, spec_.stages.back());
            std::vector<at::Tensor> wanted{input};
            std::vector<at::Tensor> pooled;
            const auto described = spec_.architecture.stages();
            for (const int stage : spec_.stages) {
                wanted.push_back(stages[stage]);
                const at::Tensor values = stages[stage].flatten(2).squeeze(0);  // [channels, places]
                pooled.push_back(values.mean(1));
                if (described[stage].deviations)
                    pooled.push_back((values.var(1, /*unbiased=*/false) + variance_floor).sqrt());
            }
            const at::Tensor score =
                (at::cat(pooled) * to_tensor(weights, {static_cast<std::int64_t>(weights.size())})).sum();
            const auto found = torch::autograd::grad({score}, wanted);
            Gradients result;
            const at::Tensor by_input = found[0].cpu().contiguous();
            result.input.assign(by_input.data_ptr<float>(), by_input.data_ptr<float>() + by_input.numel());
            for (std::size_t i = 1; i < wanted.size(); ++i) {
                result.maps.push_back(to_map(wanted[i].detach()));
                result.by_maps.push_back(to_map(found[i]));
            }
            return result;
        });
    }

private:
    at::Tensor to_tensor(std::span<const float> values, at::IntArrayRef shape) const {
        auto* const first = const_cast<float*>(values.data());  // only read, and copied at once
        return at::from_blob(first, shape, at::kFloat).to(device_, at::kFloat, false, true);
    }

    at::Tensor row(const std::array<float, 3>& values) const { return to_tensor(values, {3}); }

    static FeatureMap to_map(const at::Tensor& stage) {
        const at::Tensor values = stage.cpu().squeeze(0).permute({1, 2, 0}).contiguous();
        const float* first = values.data_ptr<float>();
        return {static_cast<int>(values.size(1)), static_cast<int>(values.size(0)),
                static_cast<int>(values.size(2)), std::vector<float>(first, first + values.numel())};
    }

    NetworkSpec spec_;
    at::Device device_;
    Parameters parameters_;
};

}  // namespace

std::unique_ptr<DifferentiableNetwork> make_differentiable_network(
    const NetworkSpec& spec, const std::map<std::string, Tensor>& parameters, const std::string& device) {
    return std::make_unique<TorchDifferentiableNetwork>(spec, parameters, device);
}

}  // namespace piaa
