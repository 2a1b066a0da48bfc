#include "network/xnnpack/xnnpack_module.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <xnnpack.h>

#include "io/malloc_tuning.h"
#include "network/xnnpack/convolution.h"

namespace piaa {
namespace {

struct FoldedBlock {
    std::vector<FoldedConvolution> chain;
    std::optional<FoldedConvolution> shortcut;
};

/// One worker's copy of the network.
class PackedNetwork {
public:
    PackedNetwork(const std::vector<Block>& blocks, const std::vector<FoldedBlock>& folded)
        : blocks_(blocks) {
        for (const FoldedBlock& block : folded) {
            auto& packed = packed_.emplace_back();
            for (const FoldedConvolution& convolution : block.chain) packed.chain.emplace_back(convolution);
            if (block.shortcut) packed.shortcut.emplace(*block.shortcut);
        }
    }

    /// What run() begins with, to be filled by the caller.
    Map& input() { return current_; }

    /// Calls take(stage, map) for the stages up to the last one wanted.
    template <typename Take>
    void run(int last_stage, Take take) {
        int stage = 0;
        for (std::size_t i = 0; i < blocks_.size() && stage <= last_stage; ++i) {
            run_block(blocks_[i], packed_[i]);
            if (blocks_[i].ends_stage) take(stage++, std::as_const(current_));
        }
    }

private:
    struct PackedBlock {
        std::vector<PackedConvolution> chain;
        std::optional<PackedConvolution> shortcut;
    };

    void run_block(const Block& block, PackedBlock& packed) {
        const Map* from = &current_;
        Map* to = &next_[0];
        for (std::size_t i = 0; i < packed.chain.size(); ++i) {
            to = &next_[i % 2];
            packed.chain[i](*from, *to);
            from = to;
        }
        if (block.residual) {
            const Map* skipped = &current_;
            if (packed.shortcut) {
                (*packed.shortcut)(current_, skipped_);
                skipped = &skipped_;
            }
            std::transform(to->data(), to->data() + to->size(), skipped->data(), to->data(), std::plus<>());
        }
        if (block.activation == Activation::relu)
            std::transform(to->data(), to->data() + to->size(), to->data(),
                           [](float value) { return std::max(value, 0.0F); });
        if (block.max_pool) {
            pool(*to, skipped_);
            to = &skipped_;
        }
        std::swap(current_, *to);
    }

    /// The largest of 3x3 places, at every other place.
    static void pool(const Map& from, Map& to) {
        to.shape((from.height() + 1) / 2, (from.width() + 1) / 2, from.channels());
        float* target = to.data();
        for (int y = 0; y < to.height(); ++y)
            for (int x = 0; x < to.width(); ++x, target += to.channels()) {
                std::fill_n(target, to.channels(), -std::numeric_limits<float>::infinity());
                for (int row = std::max(0, 2 * y - 1); row <= std::min(2 * y + 1, from.height() - 1); ++row)
                    for (int column = std::max(0, 2 * x - 1); column <= std::min(2 * x + 1, from.width() - 1);
                         ++column) {
                        const float* place =
                            from.data() +
                            (static_cast<std::size_t>(row) * from.width() + column) * from.channels();
                        for (int c = 0; c < to.channels(); ++c) target[c] = std::max(target[c], place[c]);
                    }
            }
    }

    const std::vector<Block>& blocks_;
    std::vector<PackedBlock> packed_;
    Map current_, skipped_;
    std::array<Map, 2> next_;
};

class XnnpackNetwork : public Network {
public:
    XnnpackNetwork(NetworkSpec spec, const std::map<std::string, Tensor>& parameters)
        : spec_(std::move(spec)) {
        const double epsilon = spec_.architecture.norm_epsilon;
        for (const Block& block : spec_.architecture.blocks) {
            auto& folded = folded_.emplace_back();
            for (const Convolution& c : block.convolutions) folded.chain.emplace_back(c, epsilon, parameters);
            if (block.shortcut) folded.shortcut.emplace(*block.shortcut, epsilon, parameters);
        }
        if (const auto weight = parameters.find("backbone.classifier.weight"); weight != parameters.end()) {
            classifier_ = weight->second.values;
            classifier_bias_ = parameters.at("backbone.classifier.bias").values;
        }
        idle_.push_back(pack());
    }

    std::string device() const override { return "cpu"; }

    std::vector<std::vector<FeatureMap>> run(std::span<const Image> inputs) const override {
        Worker network(*this);
        std::vector<std::vector<FeatureMap>> results;
        for (const Image& input : inputs) {
            normalise(input, network->input());
            auto& maps = results.emplace_back();
            network->run(spec_.stages.back(), [&](int stage, const Map& map) {
                if (std::find(spec_.stages.begin(), spec_.stages.end(), stage) != spec_.stages.end())
                    maps.push_back({map.width(), map.height(), map.channels(),
                                    std::vector<float>(map.data(), map.data() + map.size())});
            });
        }
        return results;
    }

    std::vector<std::vector<float>> classify(std::span<const Image> inputs) const override {
        Worker network(*this);
        std::vector<std::vector<float>> results(inputs.size());
        if (classifier_.empty()) return results;
        const int top = static_cast<int>(spec_.architecture.stages().size()) - 1;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            normalise(inputs[i], network->input());
            network->run(top, [&](int stage, const Map& map) {
                if (stage == top) results[i] = classes(map);
            });
        }
        return results;
    }

private:
    /// Borrows a packed network for one call; packs another when all are in use.
    class Worker {
    public:
        explicit Worker(const XnnpackNetwork& owner) : owner_(owner) {
            {
                const std::lock_guard lock(owner.mutex_);
                if (!owner.idle_.empty()) {
                    network_ = std::move(owner.idle_.back());
                    owner.idle_.pop_back();
                }
            }
            if (!network_) network_ = owner.pack();
        }
        ~Worker() {
            const std::lock_guard lock(owner_.mutex_);
            owner_.idle_.push_back(std::move(network_));
        }
        Worker(const Worker&) = delete;
        Worker& operator=(const Worker&) = delete;
        PackedNetwork* operator->() const { return network_.get(); }

    private:
        const XnnpackNetwork& owner_;
        std::unique_ptr<PackedNetwork> network_;
    };

    std::unique_ptr<PackedNetwork> pack() const {
        return std::make_unique<PackedNetwork>(spec_.architecture.blocks, folded_);
    }

    void normalise(const Image& image, Map& input) const {
        input.shape(image.height(), image.width(), 3);
        float* target = input.data();
        const auto pixels = image.pixels();
        for (std::size_t i = 0; i < pixels.size(); i += 3)
            for (std::size_t c = 0; c < 3; ++c)
                target[i + c] = (static_cast<float>(pixels[i + c]) - spec_.mean[c]) / spec_.deviation[c];
    }

    /// The classifier's outputs for the means of the last map.
    std::vector<float> classes(const Map& map) const {
        const auto channels = static_cast<std::size_t>(map.channels());
        std::vector<double> mean(channels);
        for (std::size_t i = 0; i < map.size(); ++i) mean[i % channels] += map.data()[i];
        const double places = static_cast<double>(map.size()) / static_cast<double>(channels);
        std::vector<float> outputs = classifier_bias_;
        for (std::size_t out = 0; out < outputs.size(); ++out) {
            double sum = 0;
            for (std::size_t c = 0; c < channels; ++c) sum += classifier_[out * channels + c] * mean[c];
            outputs[out] += static_cast<float>(sum / places);
        }
        return outputs;
    }

    NetworkSpec spec_;
    std::vector<FoldedBlock> folded_;
    std::vector<float> classifier_, classifier_bias_;  ///< [classes, channels], [classes]; empty for none
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<PackedNetwork>> idle_;
};

class XnnpackNetworks : public CpuNetworks {
public:
    std::unique_ptr<Network> make(const NetworkSpec& spec,
                                  const std::map<std::string, Tensor>& parameters) const override {
        return std::make_unique<XnnpackNetwork>(spec, parameters);
    }
};

}  // namespace
}  // namespace piaa

extern "C" PIAA_API const piaa::CpuNetworks* piaa_cpu_networks() {
    static const piaa::XnnpackNetworks networks;
    static const bool runs = [] {
        piaa::keep_freed_memory();
        return xnn_initialize(nullptr) == xnn_status_success;
    }();
    return runs ? &networks : nullptr;
}
