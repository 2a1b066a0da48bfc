#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "photos/coded_colour.h"

namespace piaa::cli {

/// What the sequence parameter set of an "hvcC" box (its content) says in its VUI (ITU-T H.265, annex E), for
/// HEIC files that say nothing in a box of their own. Nothing for one that says nothing, or is damaged.
std::optional<CodedColour> colour_of_hevc(std::span<const std::byte> configuration);

}  // namespace piaa::cli
