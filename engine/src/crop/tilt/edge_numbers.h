#pragma once

#include <array>
#include <cstddef>

#include "crop/tilt/level_edges.h"

namespace piaa {

constexpr std::size_t edge_numbers = 26;

/// What the network is told of an edge; models/make_level says the same.
struct EdgeNumbers {
    std::array<double, edge_numbers> values{};  ///< place, angle, length, what its sides look like
    double tilt = 0;  ///< degrees clockwise from the horizontal or the vertical, whichever is nearer

    explicit EdgeNumbers(const LevelEdge& edge);
};

}  // namespace piaa
