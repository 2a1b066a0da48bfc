#include <algorithm>
#include <cmath>

#include <piaa/level.h>
#include <piaa/picture_kinds.h>

#include "crop/tilt/tilt_network.h"
#include "io/installation.h"

namespace piaa {
namespace {

constexpr int least_side = 64;      ///< pixels; a smaller picture shows no line that tells half a degree
constexpr double most_tilt = 8;     ///< degrees
constexpr double least_turn = 0.7;  ///< degrees: below, a turn costs more pixels than it is worth
constexpr double sure = 0.55;       ///< see models/crop.md for what that lets through
constexpr double harm = 2;          ///< of turning a level photo, where levelling a tilted one does good by 1

double angle_of(std::size_t place) {
    return first_tilt + tilt_step * static_cast<double>(place);
}

/// The chances within some degrees of an angle, those at the ends by the part of their step that lies within.
struct Near {
    double chance = 0;
    double mean = 0;  ///< of the angles

    Near(const TiltChances& chances, double angle, double degrees) {
        for (std::size_t i = 0; i < chances.size(); ++i) {
            const double inside = (degrees - std::abs(angle_of(i) - angle)) / tilt_step + 0.5;
            const double share = std::clamp(inside, 0.0, 1.0) * chances[i];
            chance += share;
            mean += share * angle_of(i);
        }
        mean = chance > 0 ? mean / chance : angle;
    }
};

double likeliest(const TiltChances& chances) {
    double angle = 0, most = 0;
    for (std::size_t i = 0; i < chances.size(); ++i) {
        const double here = Near(chances, angle_of(i), 0.75).chance;
        if (here > most) most = here, angle = angle_of(i);
    }
    for (int round = 0; round < 2; ++round) angle = Near(chances, angle, 0.75).mean;
    return angle;
}

}  // namespace

Tilt estimate_tilt(const Image& picture) {
    static const TiltNetwork network(data_folder() / "models" / "level.safetensors");
    if (std::min(picture.width(), picture.height()) < least_side) return {};
    const auto edges = find_level_edges(picture);
    if (edges.empty()) return {};
    const TiltChances chances = network.chances(edges, picture.size());
    const double angle = likeliest(chances);
    if (std::abs(angle) > most_tilt) return {};
    const double gain = Near(chances, angle, 1).chance - harm * Near(chances, 0, 0.75).chance;
    return {angle, std::clamp(gain, 0.0, 1.0)};
}

double sure_tilt(const Tilt& tilt) {
    return tilt.certainty >= sure && std::abs(tilt.angle) >= least_turn ? tilt.angle : 0;
}

double sure_tilt(const Model& model, const Features& photo, const Image& picture) {
    return flags_of(model, photo).has(Flag::graphic) ? 0 : sure_tilt(estimate_tilt(picture));
}

}  // namespace piaa
