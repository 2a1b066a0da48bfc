#pragma once

#include <functional>
#include <span>

#include <piaa/features.h>

#include "run/scorer.h"

namespace piaa::cli {

/// CropOptions::taste for a photo: what the scorer's person thinks of a part of it, from the stage maps.
/// Empty where the scorer is nobody's in particular or its person's ratings say nothing of the photo: where
/// the score stays everyone's, so do the crops. Refers to both arguments.
std::function<double(std::span<const float>)> crop_taste(const Scorer& scorer, const Features& photo);

}  // namespace piaa::cli
