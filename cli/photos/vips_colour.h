#pragma once

#include <vips/vips8>

#include "photos/picture_colour.h"

namespace piaa::cli {

/// The numbers of a TIFF as the rest takes them: 8 or 16 bits, linear light as floats, or L*a*b*. Throws
/// Error(bad_image) for kinds of numbers that are not read.
vips::VImage with_usual_numbers(vips::VImage image);

/// How a picture is to be brought to a usual display: as a profile that stands for PQ or HLG says, else as
/// the file's code points do (`said`); Light::usual and BT.709 for what in_srgb() can do.
PictureColour colour_of(const vips::VImage& image, PictureColour said);

/// A picture in memory, of high dynamic range above all, as a usual display shows it; others as they are.
vips::VImage tone_mapped(const vips::VImage& image, PictureColour colour);

/// The picture over white.
vips::VImage without_transparency(vips::VImage image);

/// 8-bit sRGB, three channels.
vips::VImage in_srgb(vips::VImage image);

}  // namespace piaa::cli
