#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "photos/coded_colour.h"

namespace piaa::cli {

/// Whether an ICC profile says that it is sRGB, so that pixels need no conversion. Goes by the name in the
/// profile; false for what is damaged or unknown, which then is converted like any other profile.
bool is_srgb_profile(std::span<const std::byte> profile);

/// What a profile says of PQ and HLG, whose light its curves cannot tell: the "cicp" tag of ICC 4.4, else the
/// name that libjxl gives ("RGB_D65_202_Rel_PeQ"). Nothing for others.
std::optional<CodedColour> coded_colour_of_profile(std::span<const std::byte> profile);

}  // namespace piaa::cli
