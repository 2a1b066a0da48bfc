#pragma once

#include <piaa/crop.h>

#include "photo/integral_map.h"

namespace piaa {

/// Finds out how a place in a photo would carry text.
class PIAA_API TextAreaMeter {
public:
    /// activation_saliency: what stands out, on the crop grid. picture: the photo, at any size.
    TextAreaMeter(const Plane& activation_saliency, const Image& picture);

    /// 1 where there is nothing to see, 0 where it is as busy as photos get: few edges, nothing salient, in
    /// the whole place and in its busiest part.
    double calmness(const Box& place) const;
    /// The same with the colours; `place` in shares of the photo. TextArea::box stays as it is. Of the
    /// style's colours the one that needs the least scrim is taken, then the one that reads best.
    TextArea measure(const Box& place, const TextStyle& style = {}) const;

private:
    double calm_at(const Box& place) const;

    Image picture_;
    IntegralMap edges_;
    IntegralMap salient_;
};

}  // namespace piaa
