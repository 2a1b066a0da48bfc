#include "reference_network.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <piaa/error.h>

#include "forward.h"

namespace piaa {
namespace {

constexpr std::size_t largest_batch = 32;

class ReferenceNetwork : public Network {
public:
    ReferenceNetwork(NetworkSpec spec, const std::map<std::string, Tensor>& parameters,
                     const std::string& device)
        : spec_(std::move(spec)), device_(device), parameters_(to_parameters(parameters, device_)) {}

    std::string device() const override { return device_.str(); }

    std::vector<std::vector<FeatureMap>> run(std::span<const Image> inputs) const override {
        std::vector<std::vector<FeatureMap>> results(inputs.size());
        for_each_batch(inputs, [&](std::span<const std::size_t> batch) {
            const auto stages =
                network_forward(spec_.architecture, parameters_, stacked(inputs, batch), spec_.stages.back());
            std::vector<std::vector<FeatureMap>> maps(batch.size());
            for (const int stage : spec_.stages) {
                const at::Tensor values = stages[stage].cpu().permute({0, 2, 3, 1}).contiguous();
                const std::int64_t count = values.numel() / values.size(0);
                for (std::size_t i = 0; i < batch.size(); ++i) {
                    const float* first = values.data_ptr<float>() + static_cast<std::int64_t>(i) * count;
                    maps[i].push_back({static_cast<int>(values.size(2)), static_cast<int>(values.size(1)),
                                       static_cast<int>(values.size(3)),
                                       std::vector<float>(first, first + count)});
                }
            }
            for (std::size_t i = 0; i < batch.size(); ++i) results[batch[i]] = std::move(maps[i]);
        });
        return results;
    }

    std::vector<std::vector<float>> classify(std::span<const Image> inputs) const override {
        std::vector<std::vector<float>> results(inputs.size());
        if (parameters_.count("backbone.classifier.weight") == 0) return results;
        for_each_batch(inputs, [&](std::span<const std::size_t> batch) {
            const auto stages = network_forward(spec_.architecture, parameters_, stacked(inputs, batch));
            const at::Tensor outputs = classifier_forward(parameters_, stages.back()).cpu().contiguous();
            for (std::size_t i = 0; i < batch.size(); ++i) {
                const float* first =
                    outputs.data_ptr<float>() + static_cast<std::int64_t>(i) * outputs.size(1);
                results[batch[i]].assign(first, first + outputs.size(1));
            }
        });
        return results;
    }

private:
    /// Calls work with the indices of photos of one size; with half as many when the device runs out of
    /// memory.
    template <typename Work>
    void for_each_batch(std::span<const Image> inputs, Work work) const {
        const c10::InferenceMode inference;
        at::init_num_threads();
        std::vector<std::size_t> order(inputs.size());
        std::iota(order.begin(), order.end(), 0);
        const auto size = [&](std::size_t i) { return std::pair(inputs[i].width(), inputs[i].height()); };
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return size(a) < size(b); });
        std::size_t limit = largest_batch;
        for (std::size_t first = 0; first < order.size();) {
            std::size_t last = first;
            while (last < order.size() && last - first < limit && size(order[last]) == size(order[first]))
                ++last;
            try {
                work(std::span(order).subspan(first, last - first));
                first = last;
            } catch (const c10::Error& error) {
                const bool out_of_memory = error.msg().find("out of memory") != std::string::npos;
                if (!out_of_memory || last - first == 1)
                    throw Error(ErrorCode::device, device_.str() + ": " + error.what_without_backtrace());
                limit = (last - first) / 2;
            }
        }
    }

    at::Tensor stacked(std::span<const Image> inputs, std::span<const std::size_t> batch) const {
        const Image& first = inputs[batch.front()];
        at::Tensor pixels =
            at::empty({static_cast<std::int64_t>(batch.size()), first.height(), first.width(), 3}, at::kByte);
        auto* target = pixels.data_ptr<std::uint8_t>();
        for (const std::size_t i : batch)
            target = std::copy(inputs[i].pixels().begin(), inputs[i].pixels().end(), target);
        const auto row = [&](const std::array<float, 3>& values) {
            return at::tensor(at::ArrayRef<float>(values.data(), values.size())).to(device_);
        };
        const at::Tensor values = pixels.to(device_).to(at::kFloat);
        return ((values - row(spec_.mean)) / row(spec_.deviation)).permute({0, 3, 1, 2}).contiguous();
    }

    NetworkSpec spec_;
    at::Device device_;
    Parameters parameters_;
};

}  // namespace

std::unique_ptr<Network> make_reference_network(const NetworkSpec& spec,
                                                const std::map<std::string, Tensor>& parameters,
                                                const std::string& device) {
    return std::make_unique<ReferenceNetwork>(spec, parameters, device);
}

}  // namespace piaa
