#pragma once

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/flags.h>
#include <piaa/model.h>

namespace piaa {

/// Why a picture should not be judged as a photo: what its pixels say (Features::flags), and with a shipped
/// network what that sees: a graphic (logos, diagrams, drawn wallpapers, colour gradients) or a screenshot.
/// Empty for nearly every real photo.
PIAA_API Flags flags_of(const Model& model, const Features& features);

}  // namespace piaa
