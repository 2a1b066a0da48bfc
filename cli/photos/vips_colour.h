#pragma once

#include <vips/vips8>

#include "photos/heif_colour.h"

namespace piaa::cli {

/// The numbers of a TIFF as the rest takes them: 8 or 16 bits, linear light as floats, or L*a*b*. Throws
/// Error(bad_image) for kinds of numbers that are not read.
vips::VImage with_usual_numbers(vips::VImage image);

/// A picture of high dynamic range as a display of the usual one shows it; others as they are.
vips::VImage tone_mapped(const vips::VImage& image, HeifColour colour);

/// 8-bit sRGB, three channels.
vips::VImage in_srgb(vips::VImage image);

}  // namespace piaa::cli
