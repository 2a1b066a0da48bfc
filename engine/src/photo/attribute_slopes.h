#pragma once

#include <array>

#include <piaa/attributes.h>

namespace piaa {

/// What one standard deviation more of an attribute goes with in the generic score, in points, the others
/// being what they are. Over the 604 photos of OASIS with the model lite, whose scores they explain by 16 %;
/// those of best they explain by 15 %, with slopes that differ by at most .02. Measured with
/// tests/bench/attribute_shares.
const std::array<double, attribute_count>& attribute_slopes();

}  // namespace piaa
