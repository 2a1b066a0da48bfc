#pragma once

#include <optional>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// How good a picture looks, 0 to 10, whatever it shows, by a head of LAION's on CLIP's embedding; no part of
/// the score. None for a model whose network has no such head.
PIAA_API std::optional<double> polish(const Model& model, const Features& features);

}  // namespace piaa
