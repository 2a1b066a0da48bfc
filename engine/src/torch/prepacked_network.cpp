#include "prepacked_network.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/max_pool2d.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/InferenceMode.h>

#include "forward.h"

namespace caffe2 {
// In libtorch_cpu, but Debian's headers leave it out: while enabled, XNNPACK stays on the calling thread.
struct _NoPThreadPoolGuard {
    static bool is_enabled();
    static void set_enabled(bool enabled);
};
}  // namespace caffe2

namespace piaa {
namespace {

/// Everything in here runs on the calling thread and records no gradients.
class OneThread {
public:
    OneThread() : before_(caffe2::_NoPThreadPoolGuard::is_enabled()) {
        at::init_num_threads();
        caffe2::_NoPThreadPoolGuard::set_enabled(true);
    }
    ~OneThread() { caffe2::_NoPThreadPoolGuard::set_enabled(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    bool before_;
    c10::InferenceMode inference_;
};

c10::IValue call(const char* operation, torch::jit::Stack stack) {
    const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(operation, "");
    handle.callBoxed(&stack);
    return stack.front();
}

/// An uninitialised map in channels-last order, with the spare bytes behind it that XNNPACK may read: a
/// tensor from the usual allocator would be copied before each convolution.
at::Tensor empty_map(std::int64_t channels, std::int64_t height, std::int64_t width) {
    const std::int64_t bytes = channels * height * width * static_cast<std::int64_t>(sizeof(float));
    at::Storage storage(at::Storage::use_byte_size_t(), bytes, c10::GetDefaultMobileCPUAllocator(), true);
    at::Tensor map = at::empty({0}, at::kFloat);
    return map.set_(storage, 0, {1, channels, height, width},
                    {channels * height * width, 1, channels * width, channels});
}

/// The map with zeros around it.
at::Tensor padded(const at::Tensor& map, Margin rows, Margin columns) {
    const std::int64_t channels = map.size(1);
    const std::int64_t height = map.size(2);
    const std::int64_t width = map.size(3);
    const std::int64_t new_width = width + columns.before + columns.after;
    at::Tensor result = empty_map(channels, height + rows.before + rows.after, new_width);
    const at::Tensor packed = map.contiguous(at::MemoryFormat::ChannelsLast);
    const float* source = packed.data_ptr<float>();
    float* target = result.data_ptr<float>();
    const auto zeros = [&](std::int64_t places) {
        std::fill_n(target, places * channels, 0.0F);
        target += places * channels;
    };
    zeros(rows.before * new_width);
    for (std::int64_t y = 0; y < height; ++y) {
        zeros(columns.before);
        target = std::copy_n(source, width * channels, target);
        source += width * channels;
        zeros(columns.after);
    }
    zeros(rows.after * new_width);
    return result;
}

/// A convolution whose weights lie in the order XNNPACK wants. Holds scratch state: one thread at a time.
class PackedConvolution {
public:
    PackedConvolution(const Convolution& description, const Parameters& folded) : description_(description) {
        const auto& c = description_;
        const bool odd_padding = c.padding == Padding::same && c.stride > 1;
        const std::int64_t padding = odd_padding || c.padding == Padding::valid ? 0 : c.kernel / 2;
        using Pair = std::vector<std::int64_t>;
        const std::optional<double> lowest =
            c.activation == Activation::none ? std::nullopt : std::optional(0.0);
        const std::optional<double> highest =
            c.activation == Activation::relu6 ? std::optional(6.0) : std::nullopt;
        packed_ = call("prepacked::conv2d_clamp_prepack",
                       {folded.at(c.name + ".weight"), folded.at(c.name + ".bias"), Pair(2, c.stride),
                        Pair(2, padding), Pair(2, 1), std::int64_t{c.groups}, bound(lowest), bound(highest)});
    }

    at::Tensor operator()(at::Tensor x) const {
        if (description_.padding == Padding::same && description_.stride > 1) {
            const Margin rows = same_margin(x.size(2), description_);
            const Margin columns = same_margin(x.size(3), description_);
            if (rows.before + rows.after + columns.before + columns.after > 0) x = padded(x, rows, columns);
        }
        return call("prepacked::conv2d_clamp_run", {std::move(x), packed_}).toTensor();
    }

private:
    static c10::IValue bound(std::optional<double> value) {
        return value ? c10::IValue(*value) : c10::IValue();
    }

    Convolution description_;
    c10::IValue packed_;
};

/// One worker's copy of the network.
class PackedNetwork {
public:
    PackedNetwork(const Architecture& architecture, const Parameters& folded) : blocks_(architecture.blocks) {
        for (const Block& block : blocks_) {
            auto& packed = packed_.emplace_back();
            for (const Convolution& c : block.convolutions) packed.chain.emplace_back(c, folded);
            if (block.shortcut) packed.shortcut.emplace(*block.shortcut, folded);
        }
    }

    std::vector<at::Tensor> operator()(at::Tensor x, int last_stage) const {
        std::vector<at::Tensor> stages;
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            const Block& block = blocks_[i];
            at::Tensor skipped = x;
            for (const PackedConvolution& convolution : packed_[i].chain) x = convolution(std::move(x));
            if (packed_[i].shortcut) skipped = (*packed_[i].shortcut)(skipped);
            if (block.residual) x.add_(skipped);
            if (block.activation == Activation::relu) x.relu_();
            if (block.max_pool) x = at::max_pool2d(x, 3, 2, 1);
            if (!block.ends_stage) continue;
            stages.push_back(x);
            if (static_cast<int>(stages.size()) > last_stage) break;
        }
        return stages;
    }

private:
    struct PackedBlock {
        std::vector<PackedConvolution> chain;
        std::optional<PackedConvolution> shortcut;
    };
    std::vector<Block> blocks_;
    std::vector<PackedBlock> packed_;
};

class PrepackedNetwork : public Network {
public:
    PrepackedNetwork(NetworkSpec spec, const std::map<std::string, Tensor>& parameters)
        : spec_(std::move(spec)) {
        const OneThread here;
        folded_ = fold_normalisation(spec_.architecture, to_parameters(parameters, at::kCPU));
        idle_.push_back(std::make_unique<PackedNetwork>(spec_.architecture, folded_));
    }

    std::string device() const override { return "cpu"; }

    std::vector<std::vector<FeatureMap>> run(std::span<const Image> inputs) const override {
        const OneThread here;
        const Worker network(*this);
        std::vector<std::vector<FeatureMap>> results;
        for (const Image& input : inputs) {
            const auto stages = (*network)(normalised(input), spec_.stages.back());
            auto& maps = results.emplace_back();
            for (const int stage : spec_.stages) maps.push_back(to_map(stages[stage]));
        }
        return results;
    }

    std::vector<std::vector<float>> classify(std::span<const Image> inputs) const override {
        const OneThread here;
        const Worker network(*this);
        std::vector<std::vector<float>> results(inputs.size());
        if (folded_.count("backbone.classifier.weight") == 0) return results;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const at::Tensor top = (*network)(normalised(inputs[i]), std::numeric_limits<int>::max()).back();
            const at::Tensor outputs = classifier_forward(folded_, top).contiguous();
            results[i].assign(outputs.data_ptr<float>(), outputs.data_ptr<float>() + outputs.numel());
        }
        return results;
    }

private:
    /// Borrows a packed network for one call; packs another when all are in use.
    class Worker {
    public:
        explicit Worker(const PrepackedNetwork& owner) : owner_(owner) {
            {
                const std::lock_guard lock(owner.mutex_);
                if (!owner.idle_.empty()) {
                    network_ = std::move(owner.idle_.back());
                    owner.idle_.pop_back();
                }
            }
            if (!network_)
                network_ = std::make_unique<PackedNetwork>(owner.spec_.architecture, owner.folded_);
        }
        ~Worker() {
            const std::lock_guard lock(owner_.mutex_);
            owner_.idle_.push_back(std::move(network_));
        }
        Worker(const Worker&) = delete;
        Worker& operator=(const Worker&) = delete;
        const PackedNetwork& operator*() const { return *network_; }

    private:
        const PrepackedNetwork& owner_;
        std::unique_ptr<PackedNetwork> network_;
    };

    at::Tensor normalised(const Image& image) const {
        at::Tensor input = empty_map(3, image.height(), image.width());
        float* target = input.data_ptr<float>();
        const auto pixels = image.pixels();
        for (std::size_t i = 0; i < pixels.size(); i += 3)
            for (std::size_t c = 0; c < 3; ++c)
                target[i + c] = (static_cast<float>(pixels[i + c]) - spec_.mean[c]) / spec_.deviation[c];
        return input;
    }

    static FeatureMap to_map(const at::Tensor& stage) {
        const at::Tensor packed = stage.contiguous(at::MemoryFormat::ChannelsLast);
        const float* values = packed.data_ptr<float>();
        return {static_cast<int>(packed.size(3)), static_cast<int>(packed.size(2)),
                static_cast<int>(packed.size(1)), std::vector<float>(values, values + packed.numel())};
    }

    NetworkSpec spec_;
    Parameters folded_;
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<PackedNetwork>> idle_;
};

}  // namespace

std::unique_ptr<Network> make_prepacked_network(const NetworkSpec& spec,
                                                const std::map<std::string, Tensor>& parameters) {
    return std::make_unique<PrepackedNetwork>(spec, parameters);
}

}  // namespace piaa
