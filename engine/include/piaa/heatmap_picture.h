#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <piaa/export.h>
#include <piaa/heatmap.h>

namespace piaa {

/// The points from which on a place has full colour, so that maps of different photos can be compared.
constexpr double comparable_limit = 5;

/// A legend counts as the reasons do: its ends say what one of so many fields of the photo adds at the limit.
constexpr int legend_fields = 9;

/// A limit that suits one map: nearly all of its values lie below it. Above 0.
PIAA_API double fitted_limit(const Heatmap& map);

/// The colour of a place: blue lowers the score, white does nothing, orange raises it. People who confuse
/// red and green tell these apart. strength: -1 to 1, limited to that.
PIAA_API std::array<std::uint8_t, 3> heatmap_colour(double strength);

/// The map as RGBA pixels to lay over the photo: the stronger a place, the less of the photo shows through.
/// limit: above 0.
PIAA_API std::vector<std::uint8_t> heatmap_layer(const Heatmap& map, double limit);

/// The map over a greyish copy of the photo. The map is enlarged to the photo when it has another size.
/// opacity: 0 to 1.
PIAA_API Image heatmap_overlay(const Image& photo, const Heatmap& map, double limit, double opacity = 0.8);

/// The bar of colours from -limit at the left to limit at the right.
PIAA_API Image heatmap_legend(Size size);

}  // namespace piaa
