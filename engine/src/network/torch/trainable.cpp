#include "network/torch/trainable.h"

#include <cmath>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/autograd.h>

#include <piaa/error.h>

#include "network/torch/losses.h"
#include "network/torch/optimiser.h"
#include "network/torch/plain_tensors.h"
#include "network/torch/trainable_backbone.h"
#include "network/torch/trainable_head.h"

namespace piaa {
namespace {

class TorchTrainable : public TrainableNetwork {
public:
    TorchTrainable(const TrainableSpec& spec, const std::map<std::string, Tensor>& parameters,
                   const std::string& device)
        : spec_(spec),
          device_(device),
          backbone_(spec, start_of(spec, to_parameters(parameters, device_)), device_),
          optimiser_(spec.optimiser) {
        make_heads();
        choose_trained();
        const auto row = [&](const auto& values) {
            return at::tensor(at::ArrayRef<float>(values.data(), values.size())).to(device_);
        };
        if (!spec_.feature_mean.empty()) {
            feature_mean_ = row(spec_.feature_mean);
            feature_scale_ = row(spec_.feature_scale);
        }
    }

    std::shared_ptr<const PreparedPhoto> prepare(const Image& image) const override {
        return backbone_.prepare(image);
    }

    double step(const PreparedPhotos& photos, std::span<const LossTerm> losses) override {
        const std::uint64_t dropout_seed = next_dropout_seed();
        // The network runs shard by shard, the heads on all photos at once, because a rank loss and batch
        // statistics look at all of them; the heads' gradient in their inputs goes back into the shards.
        const auto shards = backbone_.shards_of(photos, true);
        const auto graphs = backbone_.inputs_of(photos, shards, true);
        HeadInputs joined = TrainableBackbone::join(graphs, shards);
        for (at::Tensor* part : {&joined.pooled, &joined.logits})
            if (part->defined()) *part = part->detach().requires_grad_(backbone_.learns());
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
            if (backbone_.learns() && part->defined()) sources.push_back(*part);
        const auto found = torch::autograd::grad({loss}, sources, {}, false, false, true);
        Parameters gradients;
        for (std::size_t i = 0; i < head_count; ++i) gradients[names[i]] = found[i];
        if (backbone_.learns()) {
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
        return total_loss(backbone_.inputs_of(photos), heads_, losses, {}).item<double>();
    }

    std::vector<std::vector<float>> predict(const PreparedPhotos& photos, std::size_t head) const override {
        const at::NoGradGuard no_gradients;
        return rows(run_head(spec_.heads.at(head), backbone_.inputs_of(photos), heads_, {}));
    }

    std::vector<std::vector<float>> predict_in_training(const PreparedPhotos& photos,
                                                        std::size_t head) override {
        const at::NoGradGuard no_gradients;
        const HeadRun run{true, next_dropout_seed()};
        const auto shards = backbone_.shards_of(photos, true);
        const HeadInputs inputs = TrainableBackbone::join(backbone_.inputs_of(photos, shards, true), shards);
        return rows(run_head(spec_.heads.at(head), inputs, heads_, run));
    }

    MetaGradient meta_gradient(const PreparedPhotos& support, std::span<const LossTerm> support_losses,
                               const PreparedPhotos& query, std::span<const LossTerm> query_losses, int steps,
                               bool second_order) const override {
        const auto constant_inputs = [&](const PreparedPhotos& photos) {
            const at::NoGradGuard no_gradients;
            return backbone_.inputs_of(photos);
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
        std::map<std::string, Tensor> result = plain(backbone_.parameters());
        result.merge(plain(heads_));
        return result;
    }

private:
    static Parameters start_of(const TrainableSpec& spec, const Parameters& parameters) {
        return spec.fold_normalisation ? fold_normalisation(spec.architecture, parameters) : parameters;
    }

    bool stays(const Convolution& c) const {
        return spec_.widest_depthwise > 0 && c.groups > 1 && c.groups == c.in &&
               c.kernel > spec_.widest_depthwise;
    }

    void make_heads() {
        const auto refuse = [](const std::string& why) { throw Error(ErrorCode::bad_argument, why); };
        const std::int64_t pooled = backbone_.pooled_count();
        for (const auto* list : {&spec_.feature_mean, &spec_.feature_scale})
            if (!list->empty() && static_cast<std::int64_t>(list->size()) != pooled)
                refuse(std::to_string(list->size()) + " numbers standardise the " + std::to_string(pooled) +
                       " pooled ones");
        std::uint64_t seed = spec_.seed;
        for (const HeadSpec& head : spec_.heads) {
            const bool logits = head.input == HeadSpec::Input::logits;
            if (logits && !backbone_.parameters().contains("backbone.classifier.weight"))
                refuse("a head on logits needs a network with its classifier, backbone.classifier.*");
            if (!logits && pooled == 0) refuse("a head on pooled numbers needs pooled stages");
            if (logits) backbone_.use_logits();
            heads_.merge(make_head(head, logits ? spec_.architecture.classes : pooled, seed++, device_));
            for (auto& [name, value] : heads_)
                if (name.starts_with("backbone.")) refuse("a head cannot be called " + head.name);
        }
    }

    void choose_trained() {
        const auto add = [&](const std::string& name, at::Tensor& value) {
            parameters_[name] = value.requires_grad_(true);
        };
        if (backbone_.learns()) {
            Parameters& weights = backbone_.parameters();
            const BlockRange range = blocks_of_stages(spec_.architecture, backbone_.first_trained_stage());
            const auto add_convolution = [&](const Convolution& c) {
                if (stays(c)) return;
                for (const char* part : {".weight", ".bias", ".norm.weight", ".norm.bias"}) {
                    const auto found = weights.find(c.name + part);
                    if (found != weights.end()) add(found->first, found->second);
                }
                for (const char* part : {".norm.mean", ".norm.variance"}) {
                    const auto found = weights.find(c.name + part);
                    if (spec_.batch_statistics && found != weights.end())
                        statistics_[found->first] = found->second;
                }
            };
            for (std::size_t i = range.begin; i < range.end; ++i) {
                for (const Convolution& c : spec_.architecture.blocks[i].convolutions) add_convolution(c);
                if (spec_.architecture.blocks[i].shortcut)
                    add_convolution(*spec_.architecture.blocks[i].shortcut);
            }
            if (backbone_.uses_logits())
                for (const char* part : {"backbone.classifier.weight", "backbone.classifier.bias"})
                    add(part, weights.at(part));
        }
        for (auto& [name, value] : heads_) {
            if (is_statistic(name))
                statistics_[name] = value;
            else
                add(name, value);
        }
    }

    std::uint64_t next_dropout_seed() { return spec_.seed * 0x9E3779B97F4A7C15U + steps_++; }

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

    void add_backbone_gradients(const std::vector<HeadInputs>& graphs,
                                const std::vector<TrainableBackbone::Shard>& shards,
                                const HeadInputs& gradient, Parameters& gradients) const {
        std::vector<std::string> names;
        std::vector<at::Tensor> weights;
        for (const auto& [name, weight] : parameters_)
            if (name.starts_with("backbone.")) {
                names.push_back(name);
                weights.push_back(weight);
            }
        backbone_.add_gradients(graphs, shards, gradient, names, weights, gradients);
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
    TrainableBackbone backbone_;
    Parameters heads_;
    Parameters parameters_;  ///< everything that learns: shares its numbers with backbone_ and heads_
    Parameters statistics_;  ///< running statistics that move, in the same way
    Optimiser optimiser_;
    at::Tensor feature_mean_, feature_scale_;
    std::uint64_t steps_ = 0;
};

}  // namespace

std::unique_ptr<TrainableNetwork> make_torch_trainable(const TrainableSpec& spec,
                                                       const std::map<std::string, Tensor>& parameters,
                                                       const std::string& device) {
    return std::make_unique<TorchTrainable>(spec, parameters, device);
}

}  // namespace piaa
