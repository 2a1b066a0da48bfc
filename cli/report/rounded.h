#pragma once

#include <cmath>

namespace piaa::cli {

/// A number for a row, to six decimals: more than anybody needs, fewer than float arithmetic promises.
inline double rounded(double value, double steps_of_one = 1e6) {
    return std::round(value * steps_of_one) / steps_of_one;
}

}  // namespace piaa::cli
