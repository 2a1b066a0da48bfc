#pragma once

#include <memory>
#include <string>
#include <utility>

#include "network/torch/torch_errors.h"
#include "network/trainable_network.h"

namespace piaa {

/// A network that learns, behind which no error of LibTorch gets through: a GPU that runs out of memory in
/// the middle of an epoch is an Error(device) like any other.
class TranslatedTrainable : public TrainableNetwork {
    template <typename Work>
    auto translated(Work&& work) const {
        return translating_errors(device_, std::forward<Work>(work));
    }

public:
    using Tensors = std::map<std::string, Tensor>;
    using Losses = std::span<const LossTerm>;

    TranslatedTrainable(std::unique_ptr<TrainableNetwork> network, std::string device)
        : network_(std::move(network)), device_(std::move(device)) {}

    std::shared_ptr<const PreparedPhoto> prepare(const Image& input) const override {
        return translated([&] { return network_->prepare(input); });
    }
    double step(const PreparedPhotos& photos, Losses losses) override {
        return translated([&] { return network_->step(photos, losses); });
    }
    double loss(const PreparedPhotos& photos, Losses losses) const override {
        return translated([&] { return network_->loss(photos, losses); });
    }
    std::vector<std::vector<float>> predict(const PreparedPhotos& photos, std::size_t head) const override {
        return translated([&] { return network_->predict(photos, head); });
    }
    std::vector<std::vector<float>> predict_in_training(const PreparedPhotos& photos,
                                                        std::size_t head) override {
        return translated([&] { return network_->predict_in_training(photos, head); });
    }
    MetaGradient meta_gradient(const PreparedPhotos& support, Losses support_losses,
                               const PreparedPhotos& query, Losses query_losses, int steps,
                               bool second_order) const override {
        return translated([&] {
            return network_->meta_gradient(support, support_losses, query, query_losses, steps, second_order);
        });
    }
    Tensors weights() const override {
        return translated([&] { return network_->weights(); });
    }
    void set_weights(const Tensors& weights) override {
        translated([&] { network_->set_weights(weights); });
    }
    void apply_gradients(const Tensors& gradients) override {
        translated([&] { network_->apply_gradients(gradients); });
    }
    void set_rates(double backbone, double head) override { network_->set_rates(backbone, head); }
    void reset_optimiser() override { network_->reset_optimiser(); }
    Tensors state() const override {
        return translated([&] { return network_->state(); });
    }
    void restore(const Tensors& state) override {
        translated([&] { network_->restore(state); });
    }
    Tensors tensors() const override {
        return translated([&] { return network_->tensors(); });
    }

private:
    std::unique_ptr<TrainableNetwork> network_;
    std::string device_;
};

}  // namespace piaa
