#pragma once

#include <array>
#include <cstddef>
#include <string>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/prior.h>
#include <piaa/questionnaire.h>
#include <piaa/score.h>

namespace piaa {

/// The five style axes of a photo, -1 to 1, in the order of the traits. Throws Error(bad_argument) for a
/// prior without a style network.
PIAA_API std::array<float, trait_count> style_axes(const Prior& prior, const Features& features);

/// What the aesthetic head says, on the scale low to high.
PIAA_API ScoreDistribution style_ratings(const Prior& prior, const Features& features, double low,
                                         double high);

/// What people read in place of a trait's name, and what photos with much of it look like: "style axis 2
/// (more warmth, less contrast)". Axes describe the look of photos, never a person.
PIAA_API std::string style_axis_name(const Prior& prior, std::size_t axis);

}  // namespace piaa
