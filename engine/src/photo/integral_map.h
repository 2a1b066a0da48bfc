#pragma once

#include <piaa/geometry.h>

#include "photo/plane.h"

namespace piaa {

/// Sums over any box of a plane in constant time; boxes may cut through pixels.
class PIAA_API IntegralMap {
public:
    explicit IntegralMap(const Plane& plane);
    /// The sum over a box given in shares of the plane, divided by the plane's number of pixels: 1 for the
    /// whole of a plane of ones.
    double sum(const Box& box) const;
    /// The mean over a box; the nearest pixel's value for a box without area.
    double mean(const Box& box) const;

private:
    double up_to(double x, double y) const;

    int width_;
    int height_;
    std::vector<double> sums_;
};

}  // namespace piaa
