#include "network/torch/optimiser.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/zeros_like.h>

namespace piaa {

at::Tensor adam_step(const OptimiserSpec& spec, double learning_rate, int step, const at::Tensor& weight,
                     const at::Tensor& gradient, AdamMoments& moments) {
    // Inside the root, because its derivative at zero is infinite.
    constexpr double under_root = 1e-12;
    moments.first = spec.first_decay * moments.first + (1 - spec.first_decay) * gradient;
    moments.second = spec.second_decay * moments.second + (1 - spec.second_decay) * gradient * gradient;
    const double first_scale = spec.bias_correction ? 1 - std::pow(spec.first_decay, step) : 1;
    const double second_scale = spec.bias_correction ? 1 - std::pow(spec.second_decay, step) : 1;
    return weight - learning_rate * (moments.first / first_scale) /
                        (at::sqrt(moments.second / second_scale + under_root) + spec.epsilon);
}

void Optimiser::step(Parameters& weights, const Parameters& gradients) {
    const at::NoGradGuard no_gradients;
    for (auto& [name, weight] : weights) {
        const auto found = gradients.find(name);
        if (found == gradients.end() || !found->second.defined()) continue;
        const double learning_rate = name.starts_with("backbone.") ? spec_.backbone_rate : spec_.head_rate;
        at::Tensor gradient = found->second;
        if (spec_.weight_decay > 0 && spec_.decoupled_decay)
            weight.mul_(1 - learning_rate * spec_.weight_decay);
        else if (spec_.weight_decay > 0)
            gradient = gradient + spec_.weight_decay * weight;
        Moments& moments = moments_[name];
        if (!moments.first.defined()) moments.first = at::zeros_like(weight);
        ++moments.steps;
        if (spec_.kind == OptimiserSpec::Kind::sgd) {
            // The first step of torch.optim.SGD takes the gradient whole; with zero moments that is the same.
            moments.first.mul_(spec_.first_decay).add_(gradient);
            weight.sub_(moments.first, learning_rate);
            continue;
        }
        if (!moments.second.defined()) moments.second = at::zeros_like(weight);
        moments.first.mul_(spec_.first_decay).add_(gradient, 1 - spec_.first_decay);
        moments.second.mul_(spec_.second_decay).addcmul_(gradient, gradient, 1 - spec_.second_decay);
        const auto steps = static_cast<double>(moments.steps);
        const double first_scale = spec_.bias_correction ? 1 - std::pow(spec_.first_decay, steps) : 1;
        const double second_scale = spec_.bias_correction ? 1 - std::pow(spec_.second_decay, steps) : 1;
        const at::Tensor root = at::sqrt(moments.second).div_(std::sqrt(second_scale)).add_(spec_.epsilon);
        weight.addcdiv_(moments.first, root, -learning_rate / first_scale);
    }
}

void Optimiser::set_rates(double backbone, double head) {
    spec_.backbone_rate = backbone;
    spec_.head_rate = head;
}

void Optimiser::reset() {
    moments_.clear();
}

Parameters Optimiser::state() const {
    Parameters state;
    for (const auto& [name, moments] : moments_) {
        state["first." + name] = moments.first;
        if (moments.second.defined()) state["second." + name] = moments.second;
        state["steps." + name] = at::full({1}, static_cast<double>(moments.steps));
    }
    return state;
}

void Optimiser::restore(const Parameters& state) {
    moments_.clear();
    for (const auto& [name, value] : state) {
        if (name.starts_with("first."))
            moments_[name.substr(6)].first = value.clone();
        else if (name.starts_with("second."))
            moments_[name.substr(7)].second = value.clone();
        else if (name.starts_with("steps."))
            moments_[name.substr(6)].steps = std::llround(value.item<float>());
    }
}

}  // namespace piaa
