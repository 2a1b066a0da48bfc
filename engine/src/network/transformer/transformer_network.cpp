#include "network/transformer/transformer_network.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <piaa/error.h>

#include "network/transformer/levels.h"

namespace piaa {
namespace {

using transformer::NetworkShape;
using transformer::Operations;
using transformer::Workspace;

/// What a worker needs for photos of one size.
struct Seat {
    int grid;
    transformer::NetworkWeights weights;
    Workspace workspace;
};

class TransformerNetwork : public Network {
public:
    TransformerNetwork(NetworkSpec spec, std::shared_ptr<const TransformerWeights> weights)
        : spec_(std::move(spec)),
          shape_(*spec_.architecture.transformer),
          operations_(transformer::find_operations(spec_.instructions)),
          weights_(std::move(weights)) {
        for (const int stage : spec_.stages) {
            blocks_ = std::max(blocks_, stage % shape_.blocks + 1);
            if (stage < shape_.blocks) last_grid_ = std::max(last_grid_, stage);
        }
    }

    std::string device() const override { return transformer_device(spec_.instructions); }

    std::vector<std::vector<FeatureMap>> run(std::span<const Image> inputs) const override {
        std::vector<std::vector<FeatureMap>> results;
        for (const Image& input : inputs) {
            const int grid = input.width() / shape_.patch;
            if (input.height() != input.width() || grid * shape_.patch != input.width())
                throw Error(ErrorCode::bad_argument, "input of " + std::to_string(input.width()) + "x" +
                                                         std::to_string(input.height()) +
                                                         " pixels should be a square of " +
                                                         std::to_string(shape_.patch) + " pixels a patch");
            auto seat = take_seat(grid);
            results.push_back(run(*seat, input));
            const std::lock_guard lock(mutex_);
            idle_.push_back(std::move(seat));
        }
        return results;
    }

    std::vector<std::vector<float>> classify(std::span<const Image> inputs) const override {
        return std::vector<std::vector<float>>(inputs.size());
    }

private:
    std::vector<FeatureMap> run(Seat& seat, const Image& input) const {
        std::vector<FeatureMap> maps(spec_.stages.size());
        const bool class_only = last_grid_ + 1 < blocks_;
        seat.workspace.run(
            seat.weights, input.pixels().data(), blocks_, class_only, [&](int block, const float* tokens) {
                for (std::size_t i = 0; i < maps.size(); ++i)
                    if (spec_.stages[i] == block)
                        maps[i] = {seat.grid, seat.grid, shape_.width,
                                   std::vector<float>(tokens + shape_.width,
                                                      tokens + (1 + seat.grid * seat.grid) * shape_.width)};
                    else if (spec_.stages[i] == shape_.blocks + block)
                        maps[i] = class_map(seat.weights, block, tokens);
            });
        return maps;
    }

    FeatureMap class_map(const transformer::NetworkWeights& weights, int block, const float* token) const {
        FeatureMap map{1, 1, shape_.width, std::vector<float>(token, token + shape_.width)};
        if (block + 1 == shape_.blocks)
            operations_.normalise(token, shape_.width, weights.after.weight, weights.after.bias,
                                  static_cast<float>(spec_.architecture.norm_epsilon), map.values.data());
        return map;
    }

    std::unique_ptr<Seat> take_seat(int grid) const {
        {
            const std::lock_guard lock(mutex_);
            const auto found = std::find_if(idle_.begin(), idle_.end(),
                                            [&](const auto& seat) { return seat->grid == grid; });
            if (found != idle_.end()) {
                auto seat = std::move(*found);
                idle_.erase(found);
                return seat;
            }
        }
        const NetworkShape shape{grid,         shape_.patch,
                                 shape_.width, shape_.hidden,
                                 shape_.heads, static_cast<float>(spec_.architecture.norm_epsilon),
                                 spec_.mean,   spec_.deviation};
        return std::make_unique<Seat>(Seat{grid, weights_->for_grid(grid), Workspace(operations_, shape)});
    }

    NetworkSpec spec_;
    Transformer shape_;
    const Operations& operations_;
    std::shared_ptr<const TransformerWeights> weights_;
    int blocks_ = 0;      ///< that have to be run
    int last_grid_ = -1;  ///< the last block whose map is wanted
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<Seat>> idle_;
};

}  // namespace

std::unique_ptr<Network> make_transformer_network(const NetworkSpec& spec,
                                                  std::shared_ptr<const TransformerWeights> weights) {
    return std::make_unique<TransformerNetwork>(spec, std::move(weights));
}

std::string transformer_device(const std::string& instructions) {
    return transformer::find_operations(instructions).value_bytes == sizeof(float) ? "cpu-float" : "cpu";
}

}  // namespace piaa
