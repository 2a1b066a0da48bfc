#pragma once

#include <piaa/crop.h>
#include <piaa/heatmap.h>
#include <piaa/image.h>

#include "host.h"

namespace piaa::plugin {

/// The picture at no more than `side` pixels a side; a smaller one is enlarged to it.
Image fitted(const Image& picture, int side);

/// The points at which a map has full strength: nearly all of its values lie below.
double map_limit(const Heatmap& map);

/// The map as a layer, without name, at full strength from map_limit() on. In colour, blue
/// lowers the score and orange raises it; in grey, dark lowers and light raises.
OverlayLayer overlay_layer(const Heatmap& map, bool colour);

/// The picture under a map layer of the same size.
Image under_map(const Image& picture, const OverlayLayer& map, double opacity);

/// How a crop is drawn over a picture: dark outside, a frame, and its room for text. The box is in shares of
/// the picture.
void draw_crop(std::vector<std::uint8_t>& rgb, Size size, const Box& crop, const std::vector<CopyArea>& copy);

}  // namespace piaa::plugin
