#include "network/torch/trainable.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/autograd.h>

#include <piaa/error.h>

#include "network/pooling.h"
#include "network/torch/losses.h"
#include "network/torch/optimiser.h"
#include "network/torch/trainable_head.h"

namespace piaa {
namespace {

/// What of a photo does not change while the network learns.
struct Prepared : PreparedPhoto {
    at::Tensor input;   ///< [1, ...]: pixels as bytes, or the map before the first stage that learns
    at::Tensor pooled;  ///< [numbers]: of the frozen pooled stages; all of them when only heads learn
    at::Tensor logits;  ///< [classes]: only when heads alone learn and one uses them
};

/// What heads work on, a row per photo.
struct HeadInputs {
    at::Tensor pooled;
    at::Tensor logits;
};

/// Photos of one step that run through the network together.
using Shard = std::vector<std::size_t>;

constexpr std::size_t shard_size = 8;

at::Tensor tensor_of(const Tensor& tensor) {
    return at::from_blob(const_cast<float*>(tensor.values.data()), tensor.shape, at::kFloat).clone();
}

Tensor plain(const at::Tensor& tensor) {
    const at::Tensor here = tensor.detach().cpu().contiguous();
    return {here.sizes().vec(),
            std::vector<float>(here.data_ptr<float>(), here.data_ptr<float>() + here.numel())};
}

std::map<std::string, Tensor> plain(const Parameters& parameters) {
    std::map<std::string, Tensor> result;
    for (const auto& [name, value] : parameters) result[name] = plain(value);
    return result;
}

/// Channel means, then deviations if asked for: [photos, numbers].
at::Tensor pool(const at::Tensor& map, bool deviations) {
    const at::Tensor mean = map.mean({2, 3});
    if (!deviations) return mean;
    const at::Tensor variance = (map - mean.unsqueeze(2).unsqueeze(3)).square().mean({2, 3});
    return at::cat({mean, at::sqrt(variance + static_cast<double>(variance_floor))}, 1);
}

class TorchTrainable : public TrainableNetwork {
public:
    TorchTrainable(const TrainableSpec& spec, const std::map<std::string, Tensor>& parameters,
                   const std::string& device)
        : spec_(spec),
          device_(device),
          backbone_(to_parameters(parameters, device_)),
          optimiser_(spec.optimiser) {
        check();
        choose_trained();
        const auto row = [&](const auto& values) {
            return at::tensor(at::ArrayRef<float>(values.data(), values.size())).to(device_);
        };
        mean_ = row(spec_.mean).reshape({1, 3, 1, 1});
        deviation_ = row(spec_.deviation).reshape({1, 3, 1, 1});
        if (!spec_.feature_mean.empty()) {
            feature_mean_ = row(spec_.feature_mean);
            feature_scale_ = row(spec_.feature_scale);
        }
    }

    std::shared_ptr<const PreparedPhoto> prepare(const Image& image) const override {
        const at::NoGradGuard no_gradients;
        at::init_num_threads();
        auto result = std::make_shared<Prepared>();
        at::Tensor pixels = at::empty({1, image.height(), image.width(), 3}, at::kByte);
        std::copy(image.pixels().begin(), image.pixels().end(), pixels.data_ptr<std::uint8_t>());
        result->input = pixels.permute({0, 3, 1, 2}).contiguous().to(device_);
        if (first_ == 0) return result;
        const int last = first_ == stage_count() ? stage_count() - 1 : first_ - 1;
        const auto maps =
            stages_forward(spec_.architecture, backbone_, normalised(result->input), {.last = last});
        std::vector<at::Tensor> frozen;
        for (const int stage : spec_.pooled_stages)
            if (stage < first_)
                frozen.push_back(pool(maps.at(static_cast<std::size_t>(stage)), spec_.deviations));
        if (!frozen.empty()) result->pooled = at::cat(frozen, 1).squeeze(0);
        if (first_ == stage_count()) {
            if (uses_logits_) result->logits = classifier_forward(backbone_, maps.back()).squeeze(0);
            result->input = at::Tensor();
        } else {
            result->input = maps.back();
        }
        return result;
    }

    double step(const PreparedPhotos& photos, std::span<const LossTerm> losses) override {
        const std::uint64_t dropout_seed = next_dropout_seed();
        // The network runs shard by shard, the heads on all photos at once, because a rank loss and batch
        // statistics look at all of them; the heads' gradient in their inputs goes back into the shards.
        std::vector<HeadInputs> graphs;
        const auto shards = shards_of(photos, true);
        graphs.resize(shards.size());
        for_each(shards.size(), [&](std::size_t i) { graphs[i] = inputs_of(photos, shards[i], true); });
        HeadInputs joined = join(graphs, shards);
        for (at::Tensor* part : {&joined.pooled, &joined.logits})
            if (part->defined()) *part = part->detach().requires_grad_(learns_backbone());
        const at::Tensor loss = total_loss(joined, heads_, losses, {true, dropout_seed});
        const double value = loss.item<double>();
        if (!std::isfinite(value))
            throw Error(ErrorCode::bad_data, "the loss is not finite any more; a lower rate may help");

        std::vector<at::Tensor> sources;
        std::vector<std::string> names;
        for (const auto& [name, weight] : heads_)
            if (!is_statistic(name)) {
                names.push_back(name);
                sources.push_back(weight);
            }
        const std::size_t head_count = sources.size();
        for (const at::Tensor* part : {&joined.pooled, &joined.logits})
            if (learns_backbone() && part->defined()) sources.push_back(*part);
        const auto found = torch::autograd::grad({loss}, sources, {}, false, false, true);
        Parameters gradients;
        for (std::size_t i = 0; i < head_count; ++i) gradients[names[i]] = found[i];
        if (learns_backbone()) {
            std::size_t next = head_count;
            HeadInputs gradient;
            if (joined.pooled.defined()) gradient.pooled = found[next++];
            if (joined.logits.defined()) gradient.logits = found[next++];
            add_backbone_gradients(graphs, shards, gradient, gradients);
        }
        optimiser_.step(parameters_, gradients);
        return value;
    }

    double loss(const PreparedPhotos& photos, std::span<const LossTerm> losses) const override {
        const at::NoGradGuard no_gradients;
        return total_loss(all_inputs(photos), heads_, losses, {}).item<double>();
    }

    std::vector<std::vector<float>> predict(const PreparedPhotos& photos, std::size_t head) const override {
        const at::NoGradGuard no_gradients;
        return rows(run_head(spec_.heads.at(head), all_inputs(photos), heads_, {}));
    }

    std::vector<std::vector<float>> predict_in_training(const PreparedPhotos& photos,
                                                        std::size_t head) override {
        const at::NoGradGuard no_gradients;
        const HeadRun run{true, next_dropout_seed()};
        const auto shards = shards_of(photos, true);
        std::vector<HeadInputs> parts;
        for (const Shard& shard : shards) parts.push_back(inputs_of(photos, shard, true));
        return rows(run_head(spec_.heads.at(head), join(parts, shards), heads_, run));
    }

    MetaGradient meta_gradient(const PreparedPhotos& support, std::span<const LossTerm> support_losses,
                               const PreparedPhotos& query, std::span<const LossTerm> query_losses, int steps,
                               bool second_order) const override {
        const auto constant_inputs = [&](const PreparedPhotos& photos) {
            const at::NoGradGuard no_gradients;
            return all_inputs(photos);
        };
        const HeadInputs learned_from = constant_inputs(support);
        const HeadInputs tested_on = constant_inputs(query);
        Parameters start;
        Parameters now;
        for (const auto& [name, weight] : heads_)
            now[name] =
                is_statistic(name) ? weight : (start[name] = weight.detach().clone().requires_grad_(true));
        std::map<std::string, AdamMoments> moments;
        for (const auto& [name, weight] : start)
            moments[name] = {at::zeros_like(weight), at::zeros_like(weight)};
        for (int step = 1; step <= steps; ++step) {
            const at::Tensor loss = total_loss(learned_from, now, support_losses, {});
            std::vector<at::Tensor> weights;
            for (const auto& [name, weight] : start) weights.push_back(now.at(name));
            const auto gradients =
                torch::autograd::grad({loss}, weights, {}, second_order, second_order, true);
            std::size_t i = 0;
            for (const auto& [name, weight] : start) {
                const at::Tensor gradient = gradients[i++];
                if (!gradient.defined()) continue;
                at::Tensor moved = adam_step(spec_.optimiser, spec_.optimiser.head_rate, step, now.at(name),
                                             gradient, moments.at(name));
                now[name] = second_order ? moved : moved.detach().requires_grad_(true);
            }
        }
        const at::Tensor loss = total_loss(tested_on, now, query_losses, {});
        std::vector<at::Tensor> sources;
        for (const auto& [name, weight] : start) sources.push_back(second_order ? weight : now.at(name));
        const auto gradients = torch::autograd::grad({loss}, sources, {}, false, false, true);
        MetaGradient result{loss.item<double>(), {}};
        std::size_t i = 0;
        for (const auto& [name, weight] : start) {
            if (gradients[i].defined()) result.gradient[name] = plain(gradients[i]);
            ++i;
        }
        return result;
    }

    std::map<std::string, Tensor> weights() const override {
        std::map<std::string, Tensor> result = plain(parameters_);
        for (const auto& [name, value] : statistics_) result[name] = plain(value);
        return result;
    }

    void set_weights(const std::map<std::string, Tensor>& weights) override {
        const at::NoGradGuard no_gradients;
        for (const auto& [name, tensor] : weights) {
            const auto moving = parameters_.find(name);
            const auto found = moving == parameters_.end() ? statistics_.find(name) : moving;
            if (found == parameters_.end() || found == statistics_.end() ||
                found->second.sizes() != at::IntArrayRef(tensor.shape))
                throw Error(ErrorCode::bad_model, "tensor " + name + " is none that this network learns");
            found->second.copy_(tensor_of(tensor));
        }
    }

    void apply_gradients(const std::map<std::string, Tensor>& gradients) override {
        Parameters values;
        for (const auto& [name, gradient] : gradients) values[name] = tensor_of(gradient).to(device_);
        optimiser_.step(parameters_, values);
    }

    void set_rates(double backbone, double head) override {
        spec_.optimiser.backbone_rate = backbone;
        spec_.optimiser.head_rate = head;
        optimiser_.set_rates(backbone, head);
    }
    void reset_optimiser() override { optimiser_.reset(); }

    std::map<std::string, Tensor> state() const override {
        std::map<std::string, Tensor> result = weights();
        result.merge(plain(optimiser_.state()));
        result["steps"] = {{1}, {static_cast<float>(steps_)}};
        return result;
    }

    void restore(const std::map<std::string, Tensor>& state) override {
        std::map<std::string, Tensor> weights;
        Parameters moments;
        for (const auto& [name, tensor] : state) {
            if (name == "steps")
                steps_ = static_cast<std::uint64_t>(std::llround(tensor.values.at(0)));
            else if (name.starts_with("first.") || name.starts_with("second.") || name.starts_with("steps."))
                moments[name] = tensor_of(tensor).to(device_);
            else
                weights[name] = tensor;
        }
        set_weights(weights);
        optimiser_.restore(moments);
    }

    std::map<std::string, Tensor> tensors() const override {
        std::map<std::string, Tensor> result = plain(backbone_);
        result.merge(plain(heads_));
        return result;
    }

private:
    int stage_count() const { return static_cast<int>(spec_.architecture.stages().size()); }
    bool learns_backbone() const { return first_ < stage_count(); }

    void check() {
        const auto refuse = [](const std::string& why) { throw Error(ErrorCode::bad_argument, why); };
        first_ = spec_.first_trained_stage;
        if (first_ < 0 || first_ > stage_count())
            refuse("first stage that learns is " + std::to_string(first_) + " and should lie between 0 and " +
                   std::to_string(stage_count()));
        std::int64_t pooled = 0;
        for (const int stage : spec_.pooled_stages) {
            if (stage < 0 || stage >= stage_count())
                refuse("stage " + std::to_string(stage) + " should lie between 0 and " +
                       std::to_string(stage_count() - 1));
            pooled += spec_.architecture.stages()[static_cast<std::size_t>(stage)].channels *
                      (spec_.deviations ? 2 : 1);
        }
        for (const auto* list : {&spec_.feature_mean, &spec_.feature_scale})
            if (!list->empty() && static_cast<std::int64_t>(list->size()) != pooled)
                refuse(std::to_string(list->size()) + " numbers standardise the " + std::to_string(pooled) +
                       " pooled ones");
        std::uint64_t seed = spec_.seed;
        for (const HeadSpec& head : spec_.heads) {
            const bool logits = head.input == HeadSpec::Input::logits;
            if (logits && backbone_.count("backbone.classifier.weight") == 0)
                refuse("a head on logits needs a network with its classifier, backbone.classifier.*");
            if (!logits && pooled == 0) refuse("a head on pooled numbers needs pooled stages");
            uses_logits_ = uses_logits_ || logits;
            heads_.merge(make_head(head, logits ? spec_.architecture.classes : pooled, seed++, device_));
            for (auto& [name, value] : heads_)
                if (name.starts_with("backbone.")) refuse("a head cannot be called " + head.name);
        }
    }

    void choose_trained() {
        const auto add = [&](const std::string& name, at::Tensor& value) {
            parameters_[name] = value.requires_grad_(true);
        };
        if (learns_backbone()) {
            const BlockRange range = blocks_of_stages(spec_.architecture, first_);
            const auto add_convolution = [&](const Convolution& c) {
                for (const char* part : {".weight", ".bias", ".norm.weight", ".norm.bias"}) {
                    const auto found = backbone_.find(c.name + part);
                    if (found != backbone_.end()) add(found->first, found->second);
                }
                for (const char* part : {".norm.mean", ".norm.variance"}) {
                    const auto found = backbone_.find(c.name + part);
                    if (spec_.batch_statistics && found != backbone_.end())
                        statistics_[found->first] = found->second;
                }
            };
            for (std::size_t i = range.begin; i < range.end; ++i) {
                for (const Convolution& c : spec_.architecture.blocks[i].convolutions) add_convolution(c);
                if (spec_.architecture.blocks[i].shortcut)
                    add_convolution(*spec_.architecture.blocks[i].shortcut);
            }
            if (uses_logits_)
                for (const char* part : {"backbone.classifier.weight", "backbone.classifier.bias"})
                    add(part, backbone_.at(part));
        }
        for (auto& [name, value] : heads_) {
            if (is_statistic(name))
                statistics_[name] = value;
            else
                add(name, value);
        }
    }

    std::uint64_t next_dropout_seed() { return spec_.seed * 0x9E3779B97F4A7C15U + steps_++; }

    at::Tensor normalised(const at::Tensor& pixels) const {
        return (pixels.to(at::kFloat) - mean_) / deviation_;
    }

    static const Prepared& prepared(const PreparedPhotos& photos, std::size_t i) {
        return static_cast<const Prepared&>(*photos.at(i));
    }

    /// Photos of one size, a few each; all of one size together where batch statistics count.
    std::vector<Shard> shards_of(const PreparedPhotos& photos, bool training) const {
        std::vector<Shard> shards;
        if (!learns_backbone()) {
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
            throw Error(
                ErrorCode::bad_argument,
                "batch statistics need photos of one size: squash them, or keep the stored statistics");
        for (const auto& [size, places] : by_size)
            for (std::size_t i = 0; i < places.size(); ++i) {
                if (i % (together ? places.size() : shard_size) == 0) shards.emplace_back();
                shards.back().push_back(places[i]);
            }
        return shards;
    }

    /// Runs work(0) to work(count - 1), shared among the threads.
    template <typename Work>
    void for_each(std::size_t count, Work work) const {
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

    HeadInputs inputs_of(const PreparedPhotos& photos, const Shard& shard, bool training) const {
        const auto stacked = [&](at::Tensor Prepared::*part) {
            std::vector<at::Tensor> all;
            for (const std::size_t i : shard)
                if ((prepared(photos, i).*part).defined()) all.push_back(prepared(photos, i).*part);
            return all.empty() ? at::Tensor() : at::stack(all);
        };
        if (!learns_backbone()) return {stacked(&Prepared::pooled), stacked(&Prepared::logits)};
        at::Tensor x = stacked(&Prepared::input).squeeze(1);
        if (first_ == 0) x = normalised(x);
        StageRun run{.first = first_};
        run.batch_statistics = training && spec_.batch_statistics;
        const auto maps = stages_forward(spec_.architecture, backbone_, x, run);
        std::vector<at::Tensor> parts;
        if (const at::Tensor frozen = stacked(&Prepared::pooled); frozen.defined()) parts.push_back(frozen);
        for (const int stage : spec_.pooled_stages)
            if (stage >= first_)
                parts.push_back(pool(maps.at(static_cast<std::size_t>(stage - first_)), spec_.deviations));
        HeadInputs inputs;
        if (!parts.empty()) inputs.pooled = at::cat(parts, 1);
        if (uses_logits_) inputs.logits = classifier_forward(backbone_, maps.back());
        return inputs;
    }

    /// The rows of all shards in the order of the photos.
    static HeadInputs join(const std::vector<HeadInputs>& parts, const std::vector<Shard>& shards) {
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

    HeadInputs all_inputs(const PreparedPhotos& photos) const {
        const auto shards = shards_of(photos, false);
        std::vector<HeadInputs> parts(shards.size());
        for_each(shards.size(), [&](std::size_t i) { parts[i] = inputs_of(photos, shards[i], false); });
        return join(parts, shards);
    }

    at::Tensor run_head(const HeadSpec& head, const HeadInputs& inputs, const Parameters& parameters,
                        const HeadRun& run) const {
        at::Tensor x = head.input == HeadSpec::Input::logits ? inputs.logits : inputs.pooled;
        if (head.input == HeadSpec::Input::pooled && feature_mean_.defined())
            x = (x - feature_mean_) * feature_scale_;
        return head_forward(head, parameters, x, run);
    }

    at::Tensor total_loss(const HeadInputs& inputs, const Parameters& parameters,
                          std::span<const LossTerm> losses, const HeadRun& run) const {
        std::map<std::size_t, at::Tensor> outputs;
        at::Tensor total;
        for (const LossTerm& term : losses) {
            if (outputs.count(term.head) == 0)
                outputs[term.head] = run_head(spec_.heads.at(term.head), inputs, parameters, run);
            const at::Tensor loss = term_loss(term, outputs.at(term.head));
            if (loss.defined()) total = total.defined() ? total + loss : loss;
        }
        if (!total.defined()) throw Error(ErrorCode::bad_argument, "no photo of a step has a target");
        return total;
    }

    void add_backbone_gradients(const std::vector<HeadInputs>& graphs, const std::vector<Shard>& shards,
                                const HeadInputs& gradient, Parameters& gradients) const {
        std::vector<std::string> names;
        std::vector<at::Tensor> weights;
        for (const auto& [name, weight] : parameters_)
            if (name.starts_with("backbone.")) {
                names.push_back(name);
                weights.push_back(weight);
            }
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
            if (!outputs.empty())
                found[i] = torch::autograd::grad(outputs, weights, along, false, false, true);
        });
        for (const auto& shard : found)
            for (std::size_t w = 0; w < shard.size(); ++w) {
                if (!shard[w].defined()) continue;
                at::Tensor& sum = gradients[names[w]];
                sum = sum.defined() ? sum + shard[w] : shard[w];
            }
    }

    static std::vector<std::vector<float>> rows(const at::Tensor& outputs) {
        const Tensor values = plain(outputs);
        std::vector<std::vector<float>> result;
        const auto width = static_cast<std::ptrdiff_t>(values.shape[1]);
        for (std::ptrdiff_t i = 0; i < values.shape[0]; ++i)
            result.emplace_back(values.values.begin() + i * width, values.values.begin() + (i + 1) * width);
        return result;
    }

    TrainableSpec spec_;
    at::Device device_;
    Parameters backbone_;
    Parameters heads_;
    Parameters parameters_;  ///< everything that learns: shares its numbers with backbone_ and heads_
    Parameters statistics_;  ///< running statistics that move, in the same way
    Optimiser optimiser_;
    at::Tensor mean_, deviation_, feature_mean_, feature_scale_;
    int first_ = 0;
    bool uses_logits_ = false;
    std::uint64_t steps_ = 0;
};

}  // namespace

std::unique_ptr<TrainableNetwork> make_torch_trainable(const TrainableSpec& spec,
                                                       const std::map<std::string, Tensor>& parameters,
                                                       const std::string& device) {
    return std::make_unique<TorchTrainable>(spec, parameters, device);
}

}  // namespace piaa
