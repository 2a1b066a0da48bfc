#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace piaa::cli {

/// Code points of ITU-T H.273 for what the numbers of a picture stand for.
struct CodedColour {
    unsigned primaries = 2, transfer = 2;  ///< 2: unspecified
};

/// What the sequence parameter set of an "hvcC" box (its content) says in its VUI (ITU-T H.265, annex E), for
/// HEIC files that say nothing in a box of their own. Nothing for one that says nothing, or is damaged.
std::optional<CodedColour> colour_of_hevc(std::span<const std::byte> configuration);

}  // namespace piaa::cli
