#pragma once

#include <cstddef>
#include <cstdint>

namespace piaa::transformer {

/// Values side by side in every vector of the kernels, and what each width must be a multiple of.
constexpr int lanes = 16;

/// A matrix [out, in] of whole numbers with a scale for each output, in the order that the kernels read:
/// [out / 16, in / 4, 16, 4]. Its values belong to somebody else.
struct Matrix {
    const std::int8_t* weights = nullptr;
    const float* scale = nullptr;        ///< [out]
    const float* bias = nullptr;         ///< [out]
    const std::int32_t* sums = nullptr;  ///< [out], of each output's weights
    int in = 0;
    int out = 0;
};

/// What a multiplication does with its result.
enum class Finish { store, add, gelu };

/// Rows of numbers as one level multiplies them, made by Operations::take. With whole numbers a row has a
/// scale and a zero point of its own: value = scale * (number - zero). The first one, the class token's,
/// which no mean over tokens makes exact, is kept in two rows: the second holds what 8 bits leave of it.
struct Rows {
    std::byte* values = nullptr;  ///< count + 1 rows of width * value_bytes, aligned to 64
    float* scale = nullptr;
    std::int32_t* zero = nullptr;
    int width = 0;
};

/// The steps of a transformer at one level of instructions. All levels with whole numbers give the same bits:
/// sums of whole numbers are exact, and every float is computed in the same order with fused multiplications.
struct Operations {
    const char* name;
    int value_bytes;        ///< of a value in Rows; 4 where they are floats
    int floats_per_column;  ///< scratch that multiply() needs, for each input of the widest matrix

    /// Row `at` of `rows` becomes these values.
    void (*take)(const float* values, const Rows& rows, int at);
    /// LayerNorm of one row.
    void (*normalise)(const float* row, int width, const float* weight, const float* bias, float epsilon,
                      float* out);
    /// The first `count` rows times the matrix, into rows of `stride` numbers.
    void (*multiply)(const Rows& rows, int count, const Matrix& matrix, Finish finish, float* scratch,
                     float* out, int stride);
    /// Rows of floats [count, in] times [in, out].
    void (*multiply_floats)(const float* rows, int count, int in, const float* matrix, int out, float* result,
                            int stride);
    /// Attention of one head. Rows of `stride` numbers hold the query; the key and the value lie `width` and
    /// 2 * width further. scratch: attention_scratch() numbers.
    void (*attend)(const float* rows, int stride, int width, int tokens, int queries, int head_width,
                   float* scratch, float* out, int out_stride);
    /// Matrix::sums.
    void (*sum)(const std::int8_t* weights, int in, int out, std::int32_t* sums);
};

/// Rows that attend() weighs at once.
constexpr int attention_rows = 6;

constexpr int padded(int count) {
    return (count + lanes - 1) / lanes * lanes;
}

constexpr std::size_t attention_scratch(int tokens, int head_width) {
    return static_cast<std::size_t>(padded(tokens)) * (head_width + attention_rows);
}

}  // namespace piaa::transformer
