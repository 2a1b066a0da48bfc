#pragma once

#include <cstddef>
#include <span>

namespace piaa::cli {

/// Whether an ICC profile says that it is sRGB, so that pixels need no conversion. Goes by the name in the
/// profile; false for what is damaged or unknown, which then is converted like any other profile.
bool is_srgb_profile(std::span<const std::byte> profile);

}  // namespace piaa::cli
