#include "prepacked_network.h"

#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include <ATen/ops/max_pool2d.h>

#include "forward.h"
#include "one_thread.h"
#include "packed_convolution.h"
#include "torch_errors.h"

namespace piaa {
namespace {

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
        return translating_errors(device(), [&] {
            const OneThread here;
            const Worker network(*this);
            std::vector<std::vector<FeatureMap>> results;
            for (const Image& input : inputs) {
                const auto stages = (*network)(normalised(input), spec_.stages.back());
                auto& maps = results.emplace_back();
                for (const int stage : spec_.stages) maps.push_back(to_map(stages[stage]));
            }
            return results;
        });
    }

    std::vector<std::vector<float>> classify(std::span<const Image> inputs) const override {
        return translating_errors(device(), [&] {
            const OneThread here;
            const Worker network(*this);
            std::vector<std::vector<float>> results(inputs.size());
            if (folded_.count("backbone.classifier.weight") == 0) return results;
            for (std::size_t i = 0; i < inputs.size(); ++i) {
                const at::Tensor top =
                    (*network)(normalised(inputs[i]), std::numeric_limits<int>::max()).back();
                const at::Tensor outputs = classifier_forward(folded_, top).contiguous();
                results[i].assign(outputs.data_ptr<float>(), outputs.data_ptr<float>() + outputs.numel());
            }
            return results;
        });
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
