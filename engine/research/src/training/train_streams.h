#pragma once

#include <Eigen/Dense>

#include <piaa/research/train_pa.h>

#include "taste/style_network.h"

namespace piaa {

/// One stream: photos as standardised numbers, and what is to be said of them.
struct Stream {
    Eigen::MatrixXf inputs;
    Eigen::MatrixXf targets;  ///< NaN: not known, no error
};

/// PA_IAA's layers, trained on both streams in turn; without options.personality on the first alone. Only the
/// layers of the result are filled. Throws Error(cancelled) when options.progress says so.
StyleNetwork train_streams(const Stream& aesthetics, const Stream& personality,
                           const TrainPaOptions& options);

}  // namespace piaa
