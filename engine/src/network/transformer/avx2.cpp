#include <immintrin.h>

#include "network/transformer/all_operations.h"
#include "network/transformer/floats_avx2.h"

// Without VNNI: bytes are widened to 16 bits, so that no sum of products saturates. Of four neighbours the
// first and third, and the second and fourth, are multiplied together: that is how a shift leaves them.
// One pair after the other, so that all at hand fits in sixteen registers.

namespace {

using Value = std::int16_t;

inline void store_values(Value* to, Floats x) {
    const __m256i order = _mm256_setr_epi8(0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15, 0, 1, 4, 5,
                                           2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_shuffle_epi8(shorts_of(x), order));
}

struct Weights {
    __m256i a, b;
};
inline Weights read_weights(const std::int8_t* from, int part) {
    const __m256i a = _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
    const __m256i b = _mm256_load_si256(reinterpret_cast<const __m256i*>(from + 32));
    if (part == 1) return {_mm256_srai_epi16(a, 8), _mm256_srai_epi16(b, 8)};
    return {_mm256_srai_epi16(_mm256_slli_epi16(a, 8), 8), _mm256_srai_epi16(_mm256_slli_epi16(b, 8), 8)};
}

struct Inputs {
    __m256i two;
};
inline Inputs read_inputs(const Value* from, int part) {
    // g++ would load both pairs at once and take them apart again.
    Inputs inputs;
    asm("vpbroadcastd %1, %0"
        : "=x"(inputs.two)
        : "m"(*reinterpret_cast<const Value(*)[2]>(from + 2 * part)));
    return inputs;
}

/// g++ would add both pairs' products first and keep the sums in memory.
inline void multiply_add(__m256i& sum, __m256i x, __m256i y) {
    __m256i product;
    asm("vpmaddwd %3, %2, %1\n\tvpaddd %1, %0, %0" : "+x"(sum), "=&x"(product) : "x"(x), "x"(y));
}
inline void multiply_add(Sums& sums, const Inputs& inputs, const Weights& weights) {
    multiply_add(sums.a, inputs.two, weights.a);
    multiply_add(sums.b, inputs.two, weights.b);
}

constexpr int whole_parts = 2;
constexpr int whole_rows = 6;
constexpr int whole_panels = 1;

}  // namespace

#define PIAA_WHOLE_NUMBERS
#include "network/transformer/operations_body.h"

namespace piaa::transformer {

const Operations avx2_operations{"avx2",         sizeof(Value),   0,      take_whole, normalise,
                                 multiply_whole, multiply_floats, attend, sum};
const Operations avx2_float_operations{"avx2-float",    sizeof(float), float_columns* lanes,
                                       take_floats,     normalise,     multiply_by_floats,
                                       multiply_floats, attend,        sum};

}  // namespace piaa::transformer
