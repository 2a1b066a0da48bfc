#pragma once

#include "photo/plane.h"

namespace piaa {

/// The plane at a size at least as large, by straight lines between the centres of its places. The mean over
/// the plane stays the same to rounding.
Plane guided_upsampling(const Plane& plane, Size size);

/// `plane` brought to the guide's size, its steps moved to the guide's edges within about `radius` pixels: a
/// guided filter (He, Sun and Tang, "Guided image filtering", 2013). guide: values from 0 to 1.
/// It works at no more than 256 pixels a side, then enlarges the filter instead of its result.
Plane enlarged_along(const Plane& plane, const Plane& guide);

}  // namespace piaa
