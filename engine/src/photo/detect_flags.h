#pragma once

#include <piaa/flags.h>
#include <piaa/image.h>

namespace piaa {

/// Why a picture should not be judged as a photo; empty for nearly every real photo.
///
/// flat: one colour, or one straight gradient. tiny: shorter side below 32 pixels. noise: neighbouring pixels
/// have nothing to do with each other. document: text on an even ground, a page or a screenshot.
PIAA_API Flags detect_flags(const Image& image);

/// The same from a copy that small_copy() made of a photo of this size.
Flags detect_flags(const Image& small, Size photo);

}  // namespace piaa
