#pragma once

#include <piaa/export.h>

namespace piaa {

/// A channel of sRGB as light, both 0 to 1 (IEC 61966-2-1).
PIAA_API double light_of_srgb(double value);

}  // namespace piaa
