#pragma once

#include <span>
#include <vector>

#include <piaa/export.h>
#include <piaa/feature_map.h>

#include "photo/plane.h"

namespace piaa {

/// A linear reading of one stage of the network: how much each place looks like a part of the subject.
struct SubjectHead {
    int stage = 0;
    std::vector<float> weights;  ///< one per channel
    float bias = 0;
};

/// The numbers of a place as the head reads them: mean 0 and deviation 1 over the channels, since single
/// places of a transformer's map are several times as large as the rest.
PIAA_API std::vector<float> levelled(std::span<const float> channels);

/// The chance, 0 to 1, that each place of the stage map belongs to the subject.
PIAA_API Plane subject_chance(const FeatureMap& map, const SubjectHead& head);

}  // namespace piaa
