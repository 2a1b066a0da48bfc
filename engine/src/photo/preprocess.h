#pragma once

#include <array>
#include <string>

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// How a photo of any size becomes the network's input. Stored in the model file as JSON:
///   {"id": "area224", "area": 224, "multiple": 32, "max_aspect": 2.5, "mean": [r, g, b], "std": [r, g, b]}
///   {"id": "square224", "side": 224, "mean": ..., "std": ...}
/// either with "mirror": true, which shows the network the photo and its mirror image.
/// "area" keeps the aspect up to rounding; "side" squashes every photo into a square.
struct Preprocessing {
    std::string id;
    int side = 224;                            ///< the input has about side * side pixels
    bool squash = false;                       ///< exactly side x side
    int multiple = 32;                         ///< sides are multiples of this
    double max_aspect = 2.5;                   ///< longer photos are squeezed to this aspect
    bool mirror = false;                       ///< stage maps are means over photo and mirror image
    std::array<float, 3> mean{127, 127, 127};  ///< per channel, of values from 0 to 255
    std::array<float, 3> deviation{128, 128, 128};
};

/// Throws Error(bad_model) naming `file` for anything but the two forms above.
PIAA_API Preprocessing parse_preprocessing(const std::string& text, const std::string& file);

/// The network's input size for a photo of this size.
PIAA_API Size input_size(const Preprocessing& preprocessing, Size photo);

/// A photo is looked at through means of 8x8 pixels where those still are so many times the network's input.
/// They are the same whether a JPEG decoder makes them or they are taken of all pixels, and 12 megapixels
/// cost a quarter less to decode so.
constexpr int mean_block = 8;
constexpr double eighth_margin = 1.7;
/// For networks that see a square. Between 1.5 and 2.5 times the input `best` is as far from what all pixels
/// say (a median of .03 to .06 points), and as far as from a decode at a quarter.
constexpr double square_eighth_margin = 1.5;

/// At other reduced sizes a JPEG decoder keeps detail that means take away, so more pixels have to be left:
/// the last step down then averages over enough of them that both routes score alike. (At 1.9 scores differ
/// by up to 0.15, from 2.5 on by 0.05 at most.)
constexpr double decode_margin = 2.7;

/// The smallest decoded size that is enough for a photo of this size: its eighth where that is looked at,
/// else decode_margin times the input, or the photo itself.
PIAA_API Size size_to_decode(const Preprocessing& preprocessing, Size photo);

}  // namespace piaa
