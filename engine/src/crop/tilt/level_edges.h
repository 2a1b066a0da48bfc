#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include <piaa/export.h>
#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa {

constexpr std::size_t edge_looks = 10;

/// A straight edge that may be a horizon, an upright or what only looks like one, and its two sides: the
/// upper and the lower one, or right and left of an edge that stands.
struct LevelEdge {
    Point from;  ///< from the picture's middle, in halves of its longer side
    Point to;
    /// By how much the first side is brighter, how evenly so, how busy each is, then the mean red, green and
    /// blue of each, 0 to 1.
    std::array<float, edge_looks> looks{};
};

/// The longest edges of a picture, at most 96, from the longest on. Throws Error(io) where the detector is
/// not installed.
PIAA_API std::vector<LevelEdge> find_level_edges(const Image& picture);

/// What the mirrored picture has.
PIAA_API LevelEdge mirrored(const LevelEdge& edge);

}  // namespace piaa
