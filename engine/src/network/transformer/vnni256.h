// Four products of bytes at once for each of 16 sums, in two registers. PIAA_DPBUSD is the instruction, which
// AVX-VNNI and AVX-512 VNNI encode differently, and PIAA_REGISTER the registers that it may use. (g++ 12 and
// 14 spill the sums around the intrinsic.)

#include "network/transformer/floats_avx2.h"

namespace {

using Value = std::uint8_t;

inline void store_values(Value* to, Floats x) {
    const __m256i shorts = shorts_of(x);
    const __m128i bytes =
        _mm_packus_epi16(_mm256_castsi256_si128(shorts), _mm256_extracti128_si256(shorts, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
}

struct Weights {
    __m256i a, b;
};
inline Weights read_weights(const std::int8_t* from, int /*part*/) {
    return {_mm256_load_si256(reinterpret_cast<const __m256i*>(from)),
            _mm256_load_si256(reinterpret_cast<const __m256i*>(from + 32))};
}

struct Inputs {
    __m256i all;
};
inline Inputs read_inputs(const Value* from, int /*part*/) {
    std::int32_t four;
    __builtin_memcpy(&four, from, sizeof four);
    return {_mm256_set1_epi32(four)};
}

inline void multiply_add(Sums& sums, const Inputs& inputs, const Weights& weights) {
    asm(PIAA_DPBUSD : "+" PIAA_REGISTER(sums.a) : PIAA_REGISTER(inputs.all), PIAA_REGISTER(weights.a));
    asm(PIAA_DPBUSD : "+" PIAA_REGISTER(sums.b) : PIAA_REGISTER(inputs.all), PIAA_REGISTER(weights.b));
}

constexpr int whole_parts = 1;
constexpr int whole_rows = 6;
constexpr int whole_panels = 1;

}  // namespace

#define PIAA_WHOLE_NUMBERS
#include "network/transformer/operations_body.h"
