#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "photos/coded_colour.h"
#include "photos/image_format.h"

namespace piaa::cli {

/// What the numbers of a picture stand for, where that is no matter of an ICC profile.
struct PictureColour {
    enum class Light {
        usual,
        pq,      ///< transfer 16: absolute light, SMPTE ST 2084
        hlg,     ///< transfer 18: hybrid log-gamma, ARIB STD-B67
        linear,  ///< transfer 8
        unsaid   ///< the file says nothing at all of its colours
    };
    enum class Gamut { bt709, p3, bt2020 };  ///< primaries 1; 11 and 12; 9
    Light light = Light::usual;
    Gamut gamut = Gamut::bt709;
};

PictureColour picture_colour(const CodedColour& coded);

/// Whether there is light brighter than white paper: PQ and HLG.
bool is_hdr(const PictureColour& colour);

/// What HEIC and AVIF (heif_colour.h) and a PNG say: its cICP chunk, or a gAMA chunk of 1 where no other
/// chunk tells its colours. The usual for all other formats.
PictureColour picture_colour(ImageFormat format, std::span<const std::byte> file);

/// What an ICC profile that stands for PQ or HLG says: by its "cicp" tag, or by the name that libjxl gives
/// it. The usual for all others, which colour management can do.
PictureColour colour_of_profile(std::span<const std::byte> profile);

/// Whether interleaved RGB in 16 bits that nothing describes is PQ by its looks: the brightest thousandth
/// lies where PQ puts white paper (.58), or up to 1000 cd/m2 (.75) where half of the photo is as bright as
/// PQ's midtones; a photo of the usual light has it far above, or is dark as a whole.
bool looks_like_pq(std::span<const std::uint16_t> pixels);

/// Interleaved RGB in 16 bits as 8-bit sRGB. White paper of PQ and HLG is at 203 cd/m2 (ITU-R BT.2408) and
/// becomes the display's. Where nothing is brighter than that, all keeps its place; else light up to half of
/// it does, and what is above is brought below white by the picture's own brightest thousandth, along the
/// largest channel, so that hues stay. HLG is shown as by a display of 1000 cd/m2. The usual and linear light
/// keep their place as far as sRGB has its colour.
std::vector<std::uint8_t> shown_in_srgb(std::span<const std::uint16_t> pixels, const PictureColour& colour);

}  // namespace piaa::cli
