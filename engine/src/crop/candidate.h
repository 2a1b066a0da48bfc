#pragma once

#include <piaa/crop.h>

#include "crop/crop_constraints.h"

namespace piaa {

/// A crop that a search looks at.
struct Candidate {
    PixelBox pixels;
    Box box;
    Violations breach;
    bool clear = true;     ///< no text lies on the subject
    bool calm = true;      ///< enough for text, wherever text is to stand
    double held = 0;       ///< share of the subject that is inside and under no text
    double crossed = 0;    ///< how much of the subject a free crop's borders run through
    double objective = 0;  ///< framing, room for text and taste
    double score = 0;      ///< expected overlap with the crop that is meant
    double pleasure = 0;   ///< what the judge says
};

/// By `objective`, `score` or `pleasure`, after what is broken and whether text lies on the subject. Room
/// that is not calm is no matter of degree here, since a photo that has none would be cropped to its emptiest
/// corner: where all lack it, `objective` weighs it.
template <double Candidate::*quality>
bool comes_first(const Candidate& a, const Candidate& b) {
    if (a.breach.severity() != b.breach.severity()) return a.breach.severity() < b.breach.severity();
    if (a.clear != b.clear) return a.clear;
    if (a.calm != b.calm) return a.calm;
    return a.*quality > b.*quality;
}

}  // namespace piaa
