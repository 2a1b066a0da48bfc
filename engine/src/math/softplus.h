#pragma once

#include <algorithm>
#include <cmath>

namespace piaa {

/// log(1 + e^x): above 0, and x where that is large.
inline double softplus(double x) {
    return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

}  // namespace piaa
