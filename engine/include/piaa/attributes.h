#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// What can be said of a photo by hand-made formulas, each a number of stated range.
enum class Attribute : std::size_t {
    colourfulness,   ///< Hasler and Suesstrunk, divided by 110; 0 grey, about 1 very colourful
    saturation,      ///< mean HSV saturation, 0 to 1
    contrast,        ///< width of the central 98 % of the luma histogram, 0 to 1
    brightness,      ///< mean luma, 0 black to 1 white
    sharpness,       ///< fine detail in the sharpest tenth of the frame, 0 blurred to 1
    depth_of_field,  ///< share of fine detail in the middle quarter (Datta), 0 to 1; 0.25 even
    rule_of_thirds,  ///< 1 when the salient mass sits on a power point, 0.38 in the middle
    symmetry,        ///< likeness of the left and the right half, 0 to 1; 0.5 without edges
    colour_harmony,  ///< 1 when hues fit a harmonic template (Matsuda) or there are none, 0 far off
    simplicity,      ///< 1 plain, 0 cluttered: how few colours and edges fill the background
    warmth,          ///< 0 cold (blue) to 1 warm (orange); 0.5 neutral
    salient_size,    ///< share of the frame the salient object takes, 0 to 1
    salient_x,       ///< horizontal place of the salient mass, 0 left to 1 right
    salient_y,       ///< vertical place, 0 top to 1 bottom
    count
};

constexpr std::size_t attribute_count = static_cast<std::size_t>(Attribute::count);

/// One number per attribute, in the order of the enumeration.
using Attributes = std::array<float, attribute_count>;

/// The words people read: "rule of thirds".
PIAA_API std::string_view attribute_name(Attribute attribute);

/// All attributes of a photo, from a copy of at most about 128 pixels a side. Any size from 1x1 works; a
/// picture without any structure gives the neutral value of each range, never NaN.
PIAA_API Attributes measure_attributes(const Image& image);

/// What is usual among photos.
struct AttributeNorms {
    Attributes mean;
    Attributes deviation;
};

/// Measured on 402 everyday photos: the OASIS subsets 1 and 2 (Kurdi, Lozano and Banaji, 2017).
PIAA_API const AttributeNorms& attribute_norms();

}  // namespace piaa
