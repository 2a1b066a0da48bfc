// 16 floats in two registers of AVX2.

namespace {

struct Floats {
    __m256 a, b;
};

inline Floats load(const float* from) {
    return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)};
}
inline void store(float* to, Floats x) {
    _mm256_storeu_ps(to, x.a);
    _mm256_storeu_ps(to + 8, x.b);
}
inline Floats all_of(float x) {
    return {_mm256_set1_ps(x), _mm256_set1_ps(x)};
}
inline Floats operator+(Floats x, Floats y) {
    return {_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)};
}
inline Floats operator-(Floats x, Floats y) {
    return {_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)};
}
inline Floats operator*(Floats x, Floats y) {
    return {_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)};
}
inline Floats operator/(Floats x, Floats y) {
    return {_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)};
}
inline Floats multiply_add(Floats x, Floats y, Floats z) {
    return {_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)};
}
inline Floats smallest(Floats x, Floats y) {
    return {_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)};
}
inline Floats largest(Floats x, Floats y) {
    return {_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)};
}
inline Floats whole(Floats x) {
    constexpr int nearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
    return {_mm256_round_ps(x.a, nearest), _mm256_round_ps(x.b, nearest)};
}
inline __m256 power(__m256 n) {
    return _mm256_castsi256_ps(
        _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23));
}
inline Floats power(Floats n) {
    return {power(n.a), power(n.b)};
}

/// 16 whole numbers from 0 to 255 as 16 bits each, in order.
inline __m256i shorts_of(Floats x) {
    const __m256i mixed = _mm256_packs_epi32(_mm256_cvtps_epi32(x.a), _mm256_cvtps_epi32(x.b));
    return _mm256_permute4x64_epi64(mixed, 0xD8);
}

/// 16 sums of products, less what the zero point of the row added.
struct Sums {
    __m256i a, b;
};
inline void clear(Sums& sums) {
    sums.a = sums.b = _mm256_setzero_si256();
}
inline __m256 floats_of(__m256i sums, const std::int32_t* of_weights, std::int32_t zero) {
    const __m256i weights = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(of_weights));
    return _mm256_cvtepi32_ps(_mm256_sub_epi32(sums, _mm256_mullo_epi32(weights, _mm256_set1_epi32(zero))));
}
inline Floats floats_of(const Sums& sums, const std::int32_t* of_weights, std::int32_t zero) {
    return {floats_of(sums.a, of_weights, zero), floats_of(sums.b, of_weights + 8, zero)};
}

constexpr int float_rows = 6;
constexpr int float_columns = 1;

}  // namespace
