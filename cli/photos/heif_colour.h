#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace piaa::cli {

/// What the numbers of a HEIC or AVIF picture stand for, by code points of ITU-T H.273.
struct HeifColour {
    enum class Light {
        usual,
        pq,     ///< transfer 16: absolute light, SMPTE ST 2084
        hlg,    ///< transfer 18: hybrid log-gamma, ARIB STD-B67
        unsaid  ///< the file says nothing at all of its colours
    };
    Light light = Light::usual;
    bool bt2020 = false;  ///< primaries 9
};

/// What the primary picture's "nclx" box says, else, where there is no ICC profile either, the bitstream of
/// a HEIC file. The usual light for a damaged file.
HeifColour heif_colour(std::span<const std::byte> file);

/// Whether interleaved RGB in 16 bits that nothing describes is PQ by its looks: the brightest thousandth
/// lies where PQ puts white paper (.58) and far below where a photo of the usual light has it.
bool looks_like_pq(std::span<const std::uint16_t> pixels);

/// Interleaved RGB of PQ or HLG in 16 bits as 8-bit sRGB. White paper is at 203 cd/m2 (ITU-R BT.2408) and
/// becomes the display's; light up to three quarters of it keeps its place, what is above approaches white
/// along an exponential of the largest channel, so that hues stay. HLG is shown as by a display of 1000
/// cd/m2.
std::vector<std::uint8_t> hdr_to_srgb(std::span<const std::uint16_t> pixels, const HeifColour& colour);

}  // namespace piaa::cli
