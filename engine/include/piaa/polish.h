#pragma once

#include <optional>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// How good a picture looks, 0 to 10, whatever it shows, by a head of LAION's on CLIP's embedding. None for a
/// model whose network has no such head.
PIAA_API std::optional<double> polish(const Model& model, const Features& features);

/// One weight for each pooled number: their sum grows with polish, and equals it up to a shift and the length
/// of the picture's embedding. Empty for a model whose network has no such head.
PIAA_API std::vector<float> polish_direction(const Model& model);

}  // namespace piaa
