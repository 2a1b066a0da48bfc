#pragma once

#include <array>
#include <vector>

#include <piaa/attributes.h>
#include <piaa/export.h>
#include <piaa/heatmap.h>
#include <piaa/model.h>

namespace piaa {

/// A score that is a weighted sum of a photo's pooled numbers and attributes, on the scale 1 to 10.
struct ScoreHead {
    std::vector<double> pooled;  ///< one weight a pooled number
    std::array<double, attribute_count> attributes{};
    double constant = 0;
};

/// What people in general would say, before calibration.
PIAA_API ScoreHead generic_head(const Model& model);

/// What one person would say. prior and profile must belong to the model; predict() finds out.
ScoreHead personal_head(const Model& model, const Prior& prior, const UserProfile& profile);

/// What the first scores higher than the second.
ScoreHead operator-(const ScoreHead& a, const ScoreHead& b);

/// Shares the head's score out over the places of the photo. Throws Error(bad_argument) for features without
/// maps or of another model.
PIAA_API Heatmap class_activation_map(const Model& model, const ScoreHead& head, const Features& features);

}  // namespace piaa
