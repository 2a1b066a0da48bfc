#pragma once

#include <cstdint>
#include <vector>

#include <gegl.h>
#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

// What is the same in all GIMPs: pixels live in GEGL buffers. Compiled once for each series.

/// An area of a layer in 8-bit sRGB over white, packed RGB. profile: what the layer's numbers mean where they
/// are not sRGB and GEGL has not been told (GIMP 2.10); else null.
std::vector<std::uint8_t> rows_in_srgb(GeglBuffer* layer, const GeglRectangle& area,
                                       GimpColorProfile* profile);

/// Draws the frame along the inner border of a layer that is transparent so far.
void draw_frame(GeglBuffer* layer, const FrameLayer& frame);

}  // namespace piaa::plugin
