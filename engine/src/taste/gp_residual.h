#pragma once

#include <optional>

#include "taste/learner.h"

namespace piaa {

/// A head with a Gaussian-process residual on top of the linear one, and what it makes of every rating had it
/// not been given.
struct GpResidual {
    Eigen::VectorXd weights;
    KernelExpansion expansion;
    Eigen::VectorXd leave_one_out;           ///< prediction of each rating from the others
    Eigen::VectorXd leave_one_out_constant;  ///< the part of it that moves all photos alike
};

/// Learned from 30 ratings on and without comparisons; nothing when the ratings do not support it: it has to
/// predict them, each from the others, better than the linear head does by more than one standard error.
/// linear: the first stage's posterior.
std::optional<GpResidual> learn_gp_residual(const Prior& prior, const Observations& observations,
                                            const Posterior& linear);

}  // namespace piaa
