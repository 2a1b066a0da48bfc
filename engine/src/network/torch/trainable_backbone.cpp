#include "network/torch/trainable_backbone.h"

#include <algorithm>
#include <exception>
#include <map>
#include <thread>
#include <utility>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/autograd.h>

#include <piaa/error.h>

#include "network/pooling.h"

namespace piaa {
namespace {

constexpr std::size_t shard_size = 8;

/// What of a photo does not change while the network learns.
struct Prepared : PreparedPhoto {
    at::Tensor input;   ///< [1, ...]: pixels as bytes, or the map before the first stage that learns
    at::Tensor pooled;  ///< [numbers]: of the frozen pooled stages; all of them when only heads learn
    at::Tensor logits;  ///< [classes]: only when heads alone learn and one uses them
};

/// Channel means, then deviations if asked for: [photos, numbers].
at::Tensor pool(const at::Tensor& map, bool deviations) {
    const at::Tensor mean = map.mean({2, 3});
    if (!deviations) return mean;
    const at::Tensor variance = (map - mean.unsqueeze(2).unsqueeze(3)).square().mean({2, 3});
    return at::cat({mean, at::sqrt(variance + static_cast<double>(variance_floor))}, 1);
}

/// The same weights in 16 bits; their gradient reaches those in 32.
Parameters rounded(const Parameters& parameters) {
    Parameters result;
    for (const auto& [name, value] : parameters) result[name] = value.to(at::kBFloat16);
    return result;
}

const Prepared& prepared(const PreparedPhotos& photos, std::size_t i) {
    return static_cast<const Prepared&>(*photos.at(i));
}

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorCode::bad_argument, why);
}

}  // namespace

TrainableBackbone::TrainableBackbone(const TrainableSpec& spec, Parameters parameters, at::Device device)
    : spec_(spec), device_(device), parameters_(std::move(parameters)), first_(spec.first_trained_stage) {
    if (first_ < 0 || first_ > stage_count())
        refuse("first stage that learns is " + std::to_string(first_) + " and should lie between 0 and " +
               std::to_string(stage_count()));
    for (const int stage : spec_.pooled_stages) {
        if (stage < 0 || stage >= stage_count())
            refuse("stage " + std::to_string(stage) + " should lie between 0 and " +
                   std::to_string(stage_count() - 1));
        pooled_count_ += spec_.architecture.stages()[static_cast<std::size_t>(stage)].channels *
                         (spec_.deviations ? 2 : 1);
    }
    const auto colours = [&](const auto& values) {
        return at::tensor(at::ArrayRef<float>(values.data(), values.size()))
            .to(device_)
            .reshape({1, 3, 1, 1});
    };
    mean_ = colours(spec_.mean);
    deviation_ = colours(spec_.deviation);
}

std::shared_ptr<const PreparedPhoto> TrainableBackbone::prepare(const Image& image) const {
    const at::NoGradGuard no_gradients;
    at::init_num_threads();
    auto result = std::make_shared<Prepared>();
    at::Tensor pixels = at::empty({1, image.height(), image.width(), 3}, at::kByte);
    std::copy(image.pixels().begin(), image.pixels().end(), pixels.data_ptr<std::uint8_t>());
    result->input = pixels.permute({0, 3, 1, 2}).contiguous().to(device_);
    if (first_ == 0) return result;
    const int last = first_ == stage_count() ? stage_count() - 1 : first_ - 1;
    const auto maps =
        stages_forward(spec_.architecture, parameters_, normalised(result->input), {.last = last});
    std::vector<at::Tensor> frozen;
    for (const int stage : spec_.pooled_stages)
        if (stage < first_)
            frozen.push_back(pool(maps.at(static_cast<std::size_t>(stage)), spec_.deviations));
    if (!frozen.empty()) result->pooled = at::cat(frozen, 1).squeeze(0);
    if (first_ == stage_count()) {
        if (uses_logits_) result->logits = classifier_forward(parameters_, maps.back()).squeeze(0);
        result->input = at::Tensor();
    } else {
        result->input = maps.back();
    }
    return result;
}

at::Tensor TrainableBackbone::normalised(const at::Tensor& pixels) const {
    return (pixels.to(at::kFloat) - mean_) / deviation_;
}

std::vector<TrainableBackbone::Shard> TrainableBackbone::shards_of(const PreparedPhotos& photos,
                                                                   bool training) const {
    std::vector<Shard> shards;
    if (!learns()) {
        for (std::size_t i = 0; i < photos.size(); ++i) {
            if (shards.empty()) shards.emplace_back();
            shards.back().push_back(i);
        }
        return shards;
    }
    std::map<std::vector<std::int64_t>, std::vector<std::size_t>> by_size;
    for (std::size_t i = 0; i < photos.size(); ++i)
        by_size[prepared(photos, i).input.sizes().vec()].push_back(i);
    const bool together = training && spec_.batch_statistics;
    if (together && by_size.size() > 1)
        throw Error(ErrorCode::bad_argument,
                    "batch statistics need photos of one size: squash them, or keep the stored statistics");
    for (const auto& [size, places] : by_size)
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (i % (together ? places.size() : shard_size) == 0) shards.emplace_back();
            shards.back().push_back(places[i]);
        }
    return shards;
}

/// Runs work(0) to work(count - 1), shared among the threads.
void TrainableBackbone::for_each(std::size_t count, const std::function<void(std::size_t)>& work) const {
    const std::size_t threads = std::min<std::size_t>(count, std::max(1, spec_.threads));
    std::vector<std::exception_ptr> failures(threads);
    const bool gradients = at::GradMode::is_enabled();
    const auto run = [&](std::size_t thread) {
        try {
            at::init_num_threads();
            const at::AutoGradMode mode(gradients);
            for (std::size_t i = thread; i < count; i += threads) work(i);
        } catch (...) {
            failures[thread] = std::current_exception();
        }
    };
    std::vector<std::thread> workers;
    for (std::size_t i = 1; i < threads; ++i) workers.emplace_back(run, i);
    if (threads > 0) run(0);
    for (auto& worker : workers) worker.join();
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

HeadInputs TrainableBackbone::inputs_of(const PreparedPhotos& photos, const Shard& shard,
                                        bool training) const {
    const auto stacked = [&](at::Tensor Prepared::*part) {
        std::vector<at::Tensor> all;
        for (const std::size_t i : shard)
            if ((prepared(photos, i).*part).defined()) all.push_back(prepared(photos, i).*part);
        return all.empty() ? at::Tensor() : at::stack(all);
    };
    if (!learns()) return {stacked(&Prepared::pooled), stacked(&Prepared::logits)};
    at::Tensor x = stacked(&Prepared::input).squeeze(1);
    if (first_ == 0) x = normalised(x);
    if (spec_.bfloat16) x = x.to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
    StageRun run{.first = first_};
    run.batch_statistics = training && spec_.batch_statistics;
    const auto maps =
        stages_forward(spec_.architecture, spec_.bfloat16 ? rounded(parameters_) : parameters_, x, run);
    std::vector<at::Tensor> parts;
    if (const at::Tensor frozen = stacked(&Prepared::pooled); frozen.defined()) parts.push_back(frozen);
    for (const int stage : spec_.pooled_stages)
        if (stage >= first_)
            parts.push_back(
                pool(maps.at(static_cast<std::size_t>(stage - first_)).to(at::kFloat), spec_.deviations));
    HeadInputs inputs;
    if (!parts.empty()) inputs.pooled = at::cat(parts, 1);
    if (uses_logits_) inputs.logits = classifier_forward(parameters_, maps.back().to(at::kFloat));
    return inputs;
}

std::vector<HeadInputs> TrainableBackbone::inputs_of(const PreparedPhotos& photos,
                                                     const std::vector<Shard>& shards, bool training) const {
    std::vector<HeadInputs> parts(shards.size());
    for_each(shards.size(), [&](std::size_t i) { parts[i] = inputs_of(photos, shards[i], training); });
    return parts;
}

HeadInputs TrainableBackbone::join(const std::vector<HeadInputs>& parts, const std::vector<Shard>& shards) {
    std::vector<std::int64_t> order;
    for (const Shard& shard : shards) order.insert(order.end(), shard.begin(), shard.end());
    std::vector<std::int64_t> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        place[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    const auto joined = [&](at::Tensor HeadInputs::*part) {
        std::vector<at::Tensor> all;
        for (const HeadInputs& one : parts)
            if ((one.*part).defined()) all.push_back((one.*part).detach());
        if (all.empty()) return at::Tensor();
        const at::Tensor rows = at::cat(all);
        return rows.index_select(0, at::tensor(place).to(rows.device()));
    };
    return {joined(&HeadInputs::pooled), joined(&HeadInputs::logits)};
}

HeadInputs TrainableBackbone::inputs_of(const PreparedPhotos& photos) const {
    const auto shards = shards_of(photos, false);
    return join(inputs_of(photos, shards, false), shards);
}

void TrainableBackbone::add_gradients(const std::vector<HeadInputs>& graphs, const std::vector<Shard>& shards,
                                      const HeadInputs& gradient, const std::vector<std::string>& names,
                                      const std::vector<at::Tensor>& weights, Parameters& gradients) const {
    std::vector<std::vector<at::Tensor>> found(shards.size());
    for_each(shards.size(), [&](std::size_t i) {
        const std::vector<std::int64_t> places(shards[i].begin(), shards[i].end());
        std::vector<at::Tensor> outputs;
        std::vector<at::Tensor> along;
        const auto add = [&](const at::Tensor& output, const at::Tensor& all) {
            if (!output.defined() || !output.requires_grad() || !all.defined()) return;
            outputs.push_back(output);
            along.push_back(all.index_select(0, at::tensor(places).to(all.device())));
        };
        add(graphs[i].pooled, gradient.pooled);
        add(graphs[i].logits, gradient.logits);
        if (!outputs.empty()) found[i] = torch::autograd::grad(outputs, weights, along, false, false, true);
    });
    for (const auto& shard : found)
        for (std::size_t w = 0; w < shard.size(); ++w) {
            if (!shard[w].defined()) continue;
            at::Tensor& sum = gradients[names[w]];
            sum = sum.defined() ? sum + shard[w] : shard[w];
        }
}

}  // namespace piaa
