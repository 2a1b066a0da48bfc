#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "network/torch/forward.h"
#include "network/trainable_network.h"

namespace piaa {

/// What heads work on, a row per photo.
struct HeadInputs {
    at::Tensor pooled;
    at::Tensor logits;
};

/// The part of a network that learns below its heads: photos in, what heads work on out. It runs in shards of
/// a few photos that are shared among threads, so results do not depend on how many there are.
class TrainableBackbone {
public:
    /// Photos of one step that run through the network together.
    using Shard = std::vector<std::size_t>;

    /// Throws Error(bad_argument) for stages that the network does not have.
    TrainableBackbone(const TrainableSpec& spec, Parameters parameters, at::Device device);

    const Parameters& parameters() const { return parameters_; }
    Parameters& parameters() { return parameters_; }
    /// Whether anything but heads learns.
    bool learns() const { return first_ < stage_count(); }
    int first_trained_stage() const { return first_; }
    std::int64_t pooled_count() const { return pooled_count_; }
    void use_logits() { uses_logits_ = true; }
    bool uses_logits() const { return uses_logits_; }

    std::shared_ptr<const PreparedPhoto> prepare(const Image& image) const;

    /// Photos of one size, a few each; all of one size together where batch statistics count.
    std::vector<Shard> shards_of(const PreparedPhotos& photos, bool training) const;
    HeadInputs inputs_of(const PreparedPhotos& photos, const Shard& shard, bool training) const;
    std::vector<HeadInputs> inputs_of(const PreparedPhotos& photos, const std::vector<Shard>& shards,
                                      bool training) const;
    /// The rows of all shards in the order of the photos, without their gradients.
    static HeadInputs join(const std::vector<HeadInputs>& parts, const std::vector<Shard>& shards);
    /// Of all photos, not in training.
    HeadInputs inputs_of(const PreparedPhotos& photos) const;

    /// Adds what the gradient of the joined inputs gives each of the `weights`, which are called `names`.
    void add_gradients(const std::vector<HeadInputs>& graphs, const std::vector<Shard>& shards,
                       const HeadInputs& gradient, const std::vector<std::string>& names,
                       const std::vector<at::Tensor>& weights, Parameters& gradients) const;

private:
    int stage_count() const { return static_cast<int>(spec_.architecture.stages().size()); }
    at::Tensor normalised(const at::Tensor& pixels) const;
    void for_each(std::size_t count, const std::function<void(std::size_t)>& work) const;

    const TrainableSpec spec_;
    at::Device device_;
    Parameters parameters_;
    at::Tensor mean_, deviation_;
    int first_ = 0;
    std::int64_t pooled_count_ = 0;
    bool uses_logits_ = false;
};

}  // namespace piaa
