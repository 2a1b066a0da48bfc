#pragma once

#include "photo/plane.h"

namespace piaa {

/// How much each place of a small picture stands out, 0 to 1 with the largest value 1; all 0 for a picture
/// of one colour. Colour difference to the surroundings at three widths, the widest being the whole picture:
/// Achanta et al., "Frequency-tuned salient region detection" (2009), joined with the centre-surround idea
/// of Itti, Koch and Niebur (1998).
Plane saliency_map(const Image& small);

/// The salient mass in one place and one size.
struct SalientMass {
    double x = 0.5;    ///< centroid, 0 left to 1 right
    double y = 0.5;    ///< centroid, 0 top to 1 bottom
    double share = 0;  ///< share of the frame that stands out, 0 to 1
};

SalientMass salient_mass(const Plane& saliency);

}  // namespace piaa
