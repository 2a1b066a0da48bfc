#pragma once

#include <piaa/research/train_prior.h>

namespace piaa {

/// Throws Error(bad_argument) unless there are features and a generic score for each rated photo.
void check_lengths(const PriorData& data);

}  // namespace piaa
