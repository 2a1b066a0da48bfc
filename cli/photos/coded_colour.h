#pragma once

#include <optional>

#include "photos/bit_reader.h"

namespace piaa::cli {

/// Code points of ITU-T H.273 for what the numbers of a picture stand for.
struct CodedColour {
    unsigned primaries = 2, transfer = 2;  ///< 2: unspecified
};

/// As codecs' headers hold it, where they say that they do; nothing behind the end.
inline std::optional<CodedColour> take_colour(BitReader& bits) {
    CodedColour colour;
    colour.primaries = bits.take(8);
    colour.transfer = bits.take(8);
    return bits.whole() ? std::optional(colour) : std::nullopt;
}

}  // namespace piaa::cli
