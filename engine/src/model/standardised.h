#pragma once

#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// A photo's pooled numbers, each in training deviations above the training mean. Throws Error(bad_argument)
/// when they come from another model.
PIAA_API std::vector<float> standardised(const Model& model, const Features& features);

}  // namespace piaa
