#pragma once

#include <Eigen/Core>
#include <bit>
#include <cstdint>

namespace piaa {

/// The value of an IEEE 754 half-precision number.
inline float from_half(std::uint16_t half) {
    return Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(half));
}

/// The nearest half-precision number, ties to even; infinite when the value is too large.
inline std::uint16_t to_half(float value) {
    return Eigen::half_impl::float_to_half_rtne(value).x;
}

/// The value of a bfloat16 number: the upper half of a float.
inline float from_bfloat16(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace piaa
