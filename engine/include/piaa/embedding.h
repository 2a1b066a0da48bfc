#pragma once

#include <span>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// How a photo looks to the network, for feature_distance(): its pooled numbers, in units that make distances
/// of all shipped models alike: against the model's training photos, each in its own deviations. Throws
/// Error(bad_argument) when the features come from another model.
PIAA_API std::vector<float> look(const Model& model, const Features& features);

/// What the network's last stage says of a photo, each channel against the model's training photos, as a
/// vector of length 1: photos of like content point in like directions. Throws Error(bad_argument) when the
/// features come from another model.
PIAA_API std::vector<float> embedding(const Model& model, const Features& features);

/// The cosine of two embeddings of one model: 1 for photos that look the same, about 0 for any two.
PIAA_API double similarity(std::span<const float> a, std::span<const float> b);

}  // namespace piaa
