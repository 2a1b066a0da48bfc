#pragma once

#include <array>

#include <piaa/crop.h>
#include <piaa/heatmap.h>
#include <piaa/image.h>

#include "host.h"

namespace piaa::plugin {

/// The picture at no more than `side` pixels a side; a smaller one is enlarged to it.
Image fitted(const Image& picture, int side);

/// The points at which a map has full strength: the same for all photos, or so that nearly all of the map's
/// values lie below.
double map_limit(const Heatmap& map, bool fitted);

/// The map as a layer, without name, at full strength from limit on. In colour, blue
/// lowers the score and orange raises it; in grey, dark lowers and light raises.
OverlayLayer overlay_layer(const Heatmap& map, bool colour, double limit);

/// The picture under a map's RGBA pixels of the same size.
Image under_map(const Image& picture, const std::vector<std::uint8_t>& map, double opacity);

/// How a crop is drawn over a picture: dark outside, a frame, and its room for text. The box is in shares of
/// the picture, and may reach beyond it.
void draw_crop(std::vector<std::uint8_t>& rgb, Size size, const Box& crop, const std::vector<TextArea>& copy);

/// The same of a turned crop. corners: in shares of the picture, from its top left clockwise.
void draw_turned_crop(std::vector<std::uint8_t>& rgb, Size size, const std::array<Point, 4>& corners,
                      const std::vector<TextArea>& copy);

/// The frame of what stays whole.
void draw_kept(std::vector<std::uint8_t>& rgb, Size size, const Box& kept);

}  // namespace piaa::plugin
