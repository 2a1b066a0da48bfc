#pragma once

#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// Sides of the grid on which a subject is looked for.
constexpr int subject_grid = 32;

/// Where the subject of a photo is: how much of it each place of a grid of subject_grid x subject_grid has,
/// row by row. The sum is 1, or 0 where nothing stands out. features: of `model`, with maps. Throws
/// Error(bad_argument) for features without.
PIAA_API std::vector<float> find_subject(const Model& model, const Features& features);

}  // namespace piaa
