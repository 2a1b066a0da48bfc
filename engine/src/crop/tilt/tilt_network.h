#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/geometry.h>

#include "crop/tilt/level_edges.h"

namespace piaa {

/// The angles that are told apart, in degrees clockwise.
constexpr double first_tilt = -10;
constexpr double tilt_step = 0.25;
constexpr std::size_t tilt_count = 81;
using TiltChances = std::array<double, tilt_count>;  ///< of each angle; they sum up to 1

/// A small transformer whose tokens are the edges of a picture. Each edge votes for its own angle, corrected
/// by a little, as strongly as the other edges make it look level; the picture as a whole adds its opinion.
class TiltNetwork {
public:
    /// Throws Error(bad_model), naming the file, where it is missing or another.
    PIAA_API explicit TiltNetwork(const boost::filesystem::path& file);
    PIAA_API ~TiltNetwork();

    /// picture: its size, of which the aspect counts. The mean over the picture and its mirror image.
    PIAA_API TiltChances chances(std::span<const LevelEdge> edges, Size picture) const;

private:
    struct Weights;
    std::unique_ptr<const Weights> weights_;
};

}  // namespace piaa
