#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "photos/coded_colour.h"

namespace piaa::cli {

/// What the sequence header among the units (OBUs) of an AV1 stream says of its colours (AV1 bitstream
/// specification, 5.5), for AVIF files that say nothing in a box. Nothing for a stream that says nothing, has
/// no such header at its start, or is damaged.
std::optional<CodedColour> colour_of_av1(std::span<const std::byte> units);

}  // namespace piaa::cli
