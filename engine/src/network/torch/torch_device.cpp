#include "network/torch/torch_device.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <c10/core/Event.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/Exception.h>

#include <piaa/error.h>

#include "network/torch/forward.h"

namespace piaa {
namespace {

/// Does the work; running out of memory and all else that LibTorch throws become what a DeviceQueue knows.
template <typename Work>
auto translating(const at::Device& device, Work work) {
    try {
        return work();
    } catch (const c10::Error& error) {
        const std::string reason = error.what_without_backtrace();
        const std::string line = device.str() + ": " + reason.substr(0, reason.find('\n'));
        if (reason.find("out of memory") != std::string::npos) throw OutOfDeviceMemory(line);
        throw Error(ErrorCode::device, line);
    }
}

/// One photo's part of a map [photos, height, width, channels] in main memory.
FeatureMap map_of(const at::Tensor& maps, std::int64_t photo) {
    const std::int64_t count = maps.numel() / maps.size(0);
    const float* first = maps.data_ptr<float>() + photo * count;
    return {static_cast<int>(maps.size(2)), static_cast<int>(maps.size(1)), static_cast<int>(maps.size(3)),
            std::vector<float>(first, first + count)};
}

class TorchDevice : public BatchDevice {
public:
    TorchDevice(NetworkSpec spec, const std::map<std::string, Tensor>& parameters, const std::string& device)
        : spec_(std::move(spec)),
          device_(device),
          type_(!spec_.half         ? at::kFloat
                : device_.is_cuda() ? at::kHalf
                                    : at::kBFloat16),
          parameters_(to_parameters(parameters, device_)) {
        const c10::InferenceMode inference;
        if (spec_.half) {
            // Folded before rounding, so that each weight is rounded once.
            parameters_ = fold_normalisation(spec_.architecture, parameters_);
            for (auto& [name, tensor] : parameters_) tensor = tensor.to(type_);
        }
        if (device_.is_cpu()) return;
        const c10::impl::VirtualGuardImpl streams(device_.type());
        work_stream_ = streams.getStreamFromGlobalPool(device_);
        copy_stream_ = streams.getStreamFromGlobalPool(device_);
    }

    std::unique_ptr<Batch> begin(std::span<const Image* const> photos) override {
        const c10::InferenceMode inference;
        at::init_num_threads();
        return translating(device_, [&] { return std::make_unique<TorchBatch>(*this, photos); });
    }

private:
    class TorchBatch : public Batch {
    public:
        TorchBatch(const TorchDevice& owner, std::span<const Image* const> photos)
            : device_(owner.device_), pixels_(owner.stacked(photos)) {
            if (device_.is_cpu()) {
                for (const auto& stage : owner.stages_of(pixels_)) maps_.push_back(stage);
                return;
            }
            at::Tensor pixels;
            c10::Event copied(device_.type());
            {
                const c10::StreamGuard copying(*owner.copy_stream_);
                pixels = pixels_.to(device_, /*non_blocking=*/true);
                copied.record(*owner.copy_stream_);
            }
            const c10::StreamGuard working(*owner.work_stream_);
            copied.block(*owner.work_stream_);
            pixels.record_stream(*owner.work_stream_);
            for (const auto& stage : owner.stages_of(pixels)) {
                maps_.push_back(at::empty(stage.sizes(), at::TensorOptions().pinned_memory(true)));
                maps_.back().copy_(stage, /*non_blocking=*/true);
            }
            done_.emplace(device_.type());
            done_->record(*owner.work_stream_);
        }

        bool is_ready() const override { return !done_ || done_->query(); }

        std::vector<std::vector<FeatureMap>> finish() override {
            const c10::InferenceMode inference;
            return translating(device_, [&] {
                // Asked again and again, because not every LibTorch lets an event be waited for.
                while (done_ && !done_->query()) std::this_thread::sleep_for(std::chrono::microseconds(50));
                std::vector<std::vector<FeatureMap>> results(static_cast<std::size_t>(pixels_.size(0)));
                for (std::size_t i = 0; i < results.size(); ++i)
                    for (const at::Tensor& maps : maps_)
                        results[i].push_back(map_of(maps, static_cast<std::int64_t>(i)));
                return results;
            });
        }

    private:
        at::Device device_;
        at::Tensor pixels_;             // pinned; stays until the copy from it is done
        std::vector<at::Tensor> maps_;  // in main memory, whole when done_
        std::optional<c10::Event> done_;
    };

    /// Bytes [photos, height, width, 3] in main memory.
    at::Tensor stacked(std::span<const Image* const> photos) const {
        at::Tensor pixels = at::empty(
            {static_cast<std::int64_t>(photos.size()), photos.front()->height(), photos.front()->width(), 3},
            at::TensorOptions(at::kByte).pinned_memory(!device_.is_cpu()));
        auto* target = pixels.data_ptr<std::uint8_t>();
        for (const Image* photo : photos)
            target = std::copy(photo->pixels().begin(), photo->pixels().end(), target);
        return pixels;
    }

    /// The chosen stages of pixels on the device, float32 [photos, height, width, channels].
    std::vector<at::Tensor> stages_of(const at::Tensor& pixels) const {
        const auto row = [&](const std::array<float, 3>& values) {
            return at::tensor(at::ArrayRef<float>(values.data(), values.size())).to(device_);
        };
        // The permuted view of pixels is channels last, which GPUs like best in half precision.
        const at::Tensor values = (pixels.to(at::kFloat) - row(spec_.mean)) / row(spec_.deviation);
        at::Tensor input = values.to(type_).permute({0, 3, 1, 2});
        if (!spec_.half) input = input.contiguous();
        const auto all = network_forward(spec_.architecture, parameters_, input, spec_.stages.back());
        std::vector<at::Tensor> chosen;
        for (const int stage : spec_.stages)
            chosen.push_back(all[stage].to(at::kFloat).permute({0, 2, 3, 1}).contiguous());
        return chosen;
    }

    NetworkSpec spec_;
    at::Device device_;
    at::ScalarType type_;
    Parameters parameters_;
    std::optional<c10::Stream> work_stream_, copy_stream_;
};

}  // namespace

std::unique_ptr<BatchDevice> make_torch_device(const NetworkSpec& spec,
                                               const std::map<std::string, Tensor>& parameters,
                                               const std::string& device) {
    return std::make_unique<TorchDevice>(spec, parameters, device);
}

}  // namespace piaa
