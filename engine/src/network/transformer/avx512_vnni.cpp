#include <immintrin.h>

#include "network/transformer/all_operations.h"

namespace {

struct Floats {
    __m512 x;
};

inline Floats load(const float* from) {
    return {_mm512_loadu_ps(from)};
}
inline void store(float* to, Floats x) {
    _mm512_storeu_ps(to, x.x);
}
inline Floats all_of(float x) {
    return {_mm512_set1_ps(x)};
}
inline Floats operator+(Floats x, Floats y) {
    return {_mm512_add_ps(x.x, y.x)};
}
inline Floats operator-(Floats x, Floats y) {
    return {_mm512_sub_ps(x.x, y.x)};
}
inline Floats operator*(Floats x, Floats y) {
    return {_mm512_mul_ps(x.x, y.x)};
}
inline Floats operator/(Floats x, Floats y) {
    return {_mm512_div_ps(x.x, y.x)};
}
inline Floats multiply_add(Floats x, Floats y, Floats z) {
    return {_mm512_fmadd_ps(x.x, y.x, z.x)};
}
inline Floats smallest(Floats x, Floats y) {
    return {_mm512_min_ps(x.x, y.x)};
}
inline Floats largest(Floats x, Floats y) {
    return {_mm512_max_ps(x.x, y.x)};
}
inline Floats whole(Floats x) {
    return {_mm512_roundscale_ps(x.x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
inline Floats power(Floats n) {
    return {_mm512_castsi512_ps(
        _mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n.x), _mm512_set1_epi32(127)), 23))};
}

constexpr int float_rows = 6;
constexpr int float_columns = 4;

using Value = std::uint8_t;

inline void store_values(Value* to, Floats x) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtusepi32_epi8(_mm512_cvtps_epi32(x.x)));
}

struct Sums {
    __m512i x;
};
inline void clear(Sums& sums) {
    sums.x = _mm512_setzero_si512();
}
inline Floats floats_of(const Sums& sums, const std::int32_t* of_weights, std::int32_t zero) {
    const __m512i weights = _mm512_loadu_si512(of_weights);
    return {
        _mm512_cvtepi32_ps(_mm512_sub_epi32(sums.x, _mm512_mullo_epi32(weights, _mm512_set1_epi32(zero))))};
}

struct Weights {
    __m512i x;
};
inline Weights read_weights(const std::int8_t* from, int /*part*/) {
    return {_mm512_load_si512(from)};
}

struct Inputs {
    __m512i all;
};
inline Inputs read_inputs(const Value* from, int /*part*/) {
    std::int32_t four;
    __builtin_memcpy(&four, from, sizeof four);
    return {_mm512_set1_epi32(four)};
}

/// g++ 12 and 14 spill the sums around the intrinsic.
inline void multiply_add(Sums& sums, const Inputs& inputs, const Weights& weights) {
    asm("vpdpbusd %2, %1, %0" : "+v"(sums.x) : "v"(inputs.all), "v"(weights.x));
}

constexpr int whole_parts = 1;
constexpr int whole_rows = 6;
constexpr int whole_panels = 4;

}  // namespace

#define PIAA_WHOLE_NUMBERS
#include "network/transformer/operations_body.h"

namespace piaa::transformer {

const Operations avx512_vnni_operations{"avx512-vnni",  sizeof(Value),   0,      take_whole, normalise,
                                        multiply_whole, multiply_floats, attend, sum};
const Operations avx512_float_operations{"avx512-float",  sizeof(float), float_columns* lanes,
                                         take_floats,     normalise,     multiply_by_floats,
                                         multiply_floats, attend,        sum};

}  // namespace piaa::transformer
