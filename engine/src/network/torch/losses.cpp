#include "network/torch/losses.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/sign.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>

#include <piaa/error.h>

namespace piaa {
namespace {

using Kind = LossTerm::Kind;

/// The photos that count and their targets, [photos, columns].
struct Counted {
    at::Tensor places;
    at::Tensor targets;
};

Counted counted(const LossTerm& term, const at::Tensor& outputs) {
    std::vector<std::int64_t> places;
    std::vector<float> values;
    std::size_t columns = 0;
    for (std::size_t i = 0; i < term.targets.size(); ++i) {
        const auto& row = term.targets[i];
        if (row.empty()) continue;
        if (columns != 0 && row.size() != columns) columns = SIZE_MAX;
        if (columns == 0) columns = row.size();
        places.push_back(static_cast<std::int64_t>(i));
        values.insert(values.end(), row.begin(), row.end());
    }
    const auto width = static_cast<std::size_t>(outputs.size(1));
    const bool one_value = term.kind == Kind::rank;
    const bool bins = term.kind == Kind::normal_emd;
    const bool fits = places.empty() || (one_value ? columns == 1
                                         : bins    ? columns >= 2 && width == 2
                                                   : columns == width);
    if (static_cast<std::int64_t>(term.targets.size()) != outputs.size(0) || !fits || columns == SIZE_MAX)
        throw Error(ErrorCode::bad_argument, "a loss got " + std::to_string(term.targets.size()) +
                                                 " targets of " + std::to_string(columns) + " numbers for " +
                                                 std::to_string(outputs.size(0)) + " photos with " +
                                                 std::to_string(outputs.size(1)) + " outputs");
    if (places.empty()) return {};
    const auto rows = static_cast<std::int64_t>(places.size());
    return {at::tensor(places).to(outputs.device()),
            at::tensor(values).reshape({rows, -1}).to(outputs.device())};
}

/// (1/bins) sum of squared differences of the cumulative distributions, mean over photos.
at::Tensor squared_emd(const at::Tensor& probabilities, const at::Tensor& given) {
    return (probabilities.cumsum(1) - given.cumsum(1)).square().mean();
}

at::Tensor rank_loss(const at::Tensor& outputs, const at::Tensor& given, double margin) {
    at::Tensor score = outputs.select(1, 0);
    if (outputs.size(1) > 2) score = (outputs * at::arange(outputs.size(1), outputs.options())).sum(1);
    const at::Tensor rating = given.select(1, 0);
    const at::Tensor sign = at::sign(rating.unsqueeze(1) - rating.unsqueeze(0));
    const at::Tensor hinge = (margin - sign * (score.unsqueeze(1) - score.unsqueeze(0))).clamp_min(0);
    const at::Tensor differ = sign.abs();
    return (hinge * differ).sum() / differ.sum().clamp_min(1);
}

}  // namespace

at::Tensor truncated_normals(const at::Tensor& mean, const at::Tensor& width, double low, double high,
                             std::int64_t bins) {
    const at::Tensor ratings = at::linspace(low, high, bins, mean.options()).unsqueeze(0);
    const at::Tensor variance = width.square().unsqueeze(1);
    const auto probabilities = [&](const at::Tensor& centre, const at::Tensor& squared_width) {
        return at::softmax(-0.5 * (ratings - centre).square() / squared_width, 1);
    };
    const double range = high - low;
    // Beyond the scale the gradient still points back to it.
    const at::Tensor limited = at::clamp(mean, low + range / 100, high - range / 100).detach();
    const at::Tensor wanted = (mean + (limited - mean).detach()).unsqueeze(1);
    at::Tensor centre;
    at::Tensor slope;
    {
        const at::NoGradGuard no_gradients;
        const at::Tensor fixed = variance.detach();
        const at::Tensor reach = range + 20 * fixed * static_cast<double>(bins - 1) / range;
        at::Tensor below = low - reach;
        at::Tensor above = high + reach;
        for (int i = 0; i < 40; ++i) {
            centre = (below + above) / 2;
            const at::Tensor reached = (probabilities(centre, fixed) * ratings).sum(1, true);
            const at::Tensor too_low = reached < limited.unsqueeze(1);
            below = at::where(too_low, centre, below);
            above = at::where(too_low, above, centre);
        }
        centre = (below + above) / 2;
        // How the mean follows the centre: the variance of the cut normal over that of the whole one.
        const at::Tensor p = probabilities(centre, fixed);
        const at::Tensor m = (p * ratings).sum(1, true);
        slope = ((p * (ratings - m).square()).sum(1, true) / fixed).clamp_min(1e-4);
    }
    // One Newton step that changes nothing but carries the gradient of the implicit equation.
    const at::Tensor reached = (probabilities(centre, variance) * ratings).sum(1, true);
    return probabilities(centre + (wanted - reached) / slope, variance);
}

at::Tensor term_loss(const LossTerm& term, const at::Tensor& all_outputs) {
    const Counted given = counted(term, all_outputs);
    if (!given.places.defined()) return {};
    const at::Tensor outputs = all_outputs.index_select(0, given.places);
    const auto loss = [&] {
        switch (term.kind) {
            case Kind::mse:
                return (outputs - given.targets).square().mean();
            case Kind::distribution_mse:
                return (outputs - given.targets).square().sum(1).mean();
            case Kind::emd:
                return squared_emd(outputs, given.targets);
            case Kind::normal_emd:
                return squared_emd(truncated_normals(outputs.select(1, 0), at::softplus(outputs.select(1, 1)),
                                                     term.low, term.high, given.targets.size(1)),
                                   given.targets);
            case Kind::rank:
                return rank_loss(outputs, given.targets, term.margin);
            case Kind::cross_entropy:
                return -(given.targets * at::log_softmax(outputs, 1)).sum(1).mean();
        }
        return at::Tensor();
    }();
    return term.weight * loss;
}

}  // namespace piaa
