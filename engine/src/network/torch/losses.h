#pragma once

#include <ATen/core/Tensor.h>

#include "network/trainable_network.h"

namespace piaa {

/// The weighted loss of one term, a scalar; undefined when no photo counts. outputs: [photos, outputs] of
/// the head that the term names. Throws Error(bad_argument) for targets that do not fit.
at::Tensor term_loss(const LossTerm& term, const at::Tensor& outputs);

/// Probabilities of `bins` equally spaced ratings from low to high, [photos, bins], of a normal cut off at
/// the scale's ends whose mean after cutting is `mean`; differentiable in both. mean, width: [photos].
/// The same as ScoreDistribution::truncated_normal_with_mean().
at::Tensor truncated_normals(const at::Tensor& mean, const at::Tensor& width, double low, double high,
                             std::int64_t bins);

}  // namespace piaa
