#include <cmath>

#include <piaa/srgb.h>

namespace piaa {

double light_of_srgb(double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

}  // namespace piaa
