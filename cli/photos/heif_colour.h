#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace piaa::cli {

/// What the numbers of a HEIC or AVIF picture stand for, by its "nclx" box (ITU-T H.273).
struct HeifColour {
    bool pq = false;      ///< transfer 16: absolute light, SMPTE ST 2084
    bool bt2020 = false;  ///< primaries 9
};

/// What the primary picture's "nclx" box says. Neither for a file without one, or a damaged one.
HeifColour heif_colour(std::span<const std::byte> file);

/// Interleaved RGB of PQ in 16 bits as 8-bit sRGB. White paper is at 203 cd/m2 (ITU-R BT.2408) and becomes
/// the display's; light up to three quarters of it keeps its place, what is above approaches white along an
/// exponential of the largest channel, so that hues stay.
std::vector<std::uint8_t> pq_to_srgb(std::span<const std::uint16_t> pixels, bool bt2020);

}  // namespace piaa::cli
