#pragma once

#include <string>
#include <vector>

#include <piaa/crop.h>

#include "photo/integral_map.h"

namespace piaa {

/// What stands out more than expected, for sums over boxes; nothing below 0.
Plane positive_part(const Plane& activation_saliency);

/// Where that has its centre; the middle for a photo in which nothing stands out.
Point focal_point(const Plane& salient);

/// Why a crop is good, in words, most telling first.
PIAA_API std::vector<std::string> crop_reasons(const IntegralMap& salient, const IntegralMap& subject,
                                               const Point& focus, const Box& crop);

}  // namespace piaa
