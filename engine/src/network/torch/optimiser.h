#pragma once

#include <map>
#include <string>

#include "network/torch/forward.h"
#include "network/trainable_network.h"

namespace piaa {

/// Adam or SGD with momentum over named weights, with moments that can be looked at and put back.
class Optimiser {
public:
    explicit Optimiser(const OptimiserSpec& spec) : spec_(spec) {}

    /// One step of each weight that has a gradient; names starting with "backbone." move at the backbone's
    /// rate. Weights without a gradient keep their moments.
    void step(Parameters& weights, const Parameters& gradients);

    void set_rates(double backbone, double head);
    void reset();

    /// Moments as "first.NAME", "second.NAME" and "steps.NAME".
    Parameters state() const;
    void restore(const Parameters& state);

private:
    struct Moments {
        at::Tensor first;
        at::Tensor second;
        std::int64_t steps = 0;
    };
    OptimiserSpec spec_;
    std::map<std::string, Moments> moments_;
};

/// The differentiable form of one step of Adam: returns the moved weight and replaces the moments.
struct AdamMoments {
    at::Tensor first;
    at::Tensor second;
};
at::Tensor adam_step(const OptimiserSpec& spec, double learning_rate, int step, const at::Tensor& weight,
                     const at::Tensor& gradient, AdamMoments& moments);

}  // namespace piaa
