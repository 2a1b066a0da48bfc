#pragma once

#include <cstdint>

#include <piaa/image.h>

namespace piaa {

/// The view with that number: the whole photo, a part of 30 to 100 % of its area, or a part of 20 to 90 %
/// with brightness, contrast and saturation changed; mirrored or not.
Image distil_view(const Image& photo, std::uint64_t number, std::uint64_t seed);

}  // namespace piaa
