#include "network/torch/reference_network.h"

#include <utility>

#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <c10/core/InferenceMode.h>

#include "network/device_queue.h"
#include "network/torch/forward.h"
#include "network/torch/torch_device.h"
#include "network/torch/torch_errors.h"

namespace piaa {
namespace {

class ReferenceNetwork : public Network {
public:
    ReferenceNetwork(const NetworkSpec& spec, const std::map<std::string, Tensor>& parameters,
                     const std::string& device)
        : spec_(spec), device_(device), queue_(make_torch_device(spec, parameters, device)) {
        if (parameters.contains("backbone.classifier.weight"))
            classifying_ = to_parameters(parameters, at::kCPU);
    }

    std::string device() const override { return spec_.half ? device_ + "-half" : device_; }

    std::vector<std::vector<FeatureMap>> run(std::span<const Image> inputs) const override {
        try {
            return queue_.run(inputs);
        } catch (const OutOfDeviceMemory& error) {
            throw Error(ErrorCode::device, error.what());
        }
    }

    /// For checking backbones after their import: one photo after the other, on the CPU.
    std::vector<std::vector<float>> classify(std::span<const Image> inputs) const override {
        std::vector<std::vector<float>> results(inputs.size());
        if (classifying_.empty()) return results;
        const c10::InferenceMode inference;
        at::init_num_threads();
        return translating_errors("cpu", [&] {
            for (std::size_t i = 0; i < inputs.size(); ++i) {
                const auto stages = network_forward(spec_.architecture, classifying_, normalised(inputs[i]));
                const at::Tensor outputs = classifier_forward(classifying_, stages.back()).contiguous();
                results[i].assign(outputs.data_ptr<float>(), outputs.data_ptr<float>() + outputs.numel());
            }
            return results;
        });
    }

private:
    at::Tensor normalised(const Image& image) const {
        const auto row = [](const std::array<float, 3>& values) {
            return at::tensor(at::ArrayRef<float>(values.data(), values.size()));
        };
        auto* const pixels =
            const_cast<std::uint8_t*>(image.pixels().data());  // only read, and copied at once
        const at::Tensor values =
            at::from_blob(pixels, {1, image.height(), image.width(), 3}, at::kByte).to(at::kFloat);
        return ((values - row(spec_.mean)) / row(spec_.deviation)).permute({0, 3, 1, 2}).contiguous();
    }

    NetworkSpec spec_;
    std::string device_;
    Parameters classifying_;
    mutable DeviceQueue queue_;
};

}  // namespace

std::unique_ptr<Network> make_reference_network(const NetworkSpec& spec,
                                                const std::map<std::string, Tensor>& parameters,
                                                const std::string& device) {
    return std::make_unique<ReferenceNetwork>(spec, parameters, device);
}

}  // namespace piaa
