#pragma once

#include <array>
#include <span>
#include <vector>

#include <piaa/export.h>
#include <piaa/image.h>

#include "crop/lines/line_module.h"

namespace piaa {

/// What is known of a straight edge that may be a horizon or an upright.
constexpr std::size_t edge_measures = 10;
struct LevelEdge {
    double tilt = 0;    ///< degrees clockwise from the horizontal or the vertical, whichever is nearer
    double length = 0;  ///< as a share of the picture's longer side
    double across = 0;  ///< of its middle: -0.5 left to 0.5 right
    bool upright = false;
    std::array<double, edge_measures> measures{};
};

/// The edges within 11 degrees of the horizontal or the vertical, those shorter than a thirtieth left out.
PIAA_API std::vector<LevelEdge> level_edges(const Image& picture, std::span<const LineSegment> segments);

/// The angle that most edges agree on, and what tells whether they are right.
constexpr std::size_t tilt_measures = 13;
struct TiltEvidence {
    double angle = 0;
    std::array<double, tilt_measures> measures{};
};

/// weights: one for each edge, 0 to 1, the chance that it is level. At least one edge.
PIAA_API TiltEvidence weigh_edges(std::span<const LevelEdge> edges, std::span<const double> weights);

/// The edges of a picture by the detector; throws Error(io) where that is not installed.
PIAA_API std::vector<LevelEdge> find_level_edges(const Image& picture);

/// The bias and one weight per measure of models/level.json.
struct LevelWeights {
    std::array<double, edge_measures + 1> edge{};
    std::array<double, tilt_measures + 1> tilt{};
};

PIAA_API double logistic(std::span<const double> weights, std::span<const double> measures);

/// What weigh_edges() says with the chances that these weights give; no edges give no evidence.
PIAA_API TiltEvidence evidence_of(std::span<const LevelEdge> edges, const LevelWeights& weights);

/// Throws Error(bad_model), naming the file, where it is missing or another.
PIAA_API LevelWeights load_level_weights();

}  // namespace piaa
