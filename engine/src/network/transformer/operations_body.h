// The steps of a transformer, written once for all levels of instructions. Each level's file defines before:
//   Floats        16 floats: load, store, all_of (one value in all), + - * /, multiply_add, smallest,
//   largest, whole
//                 (rounded to the nearest), power (2 to a whole number)
//   float_rows, float_columns   the tile of a product of floats, in rows and in Floats
// and, where it multiplies whole numbers (PIAA_WHOLE_NUMBERS):
//   Value         a number in Rows; store_values
//   Sums, Weights, Inputs       16 sums, 4 weights for each, 4 inputs: clear, read_..., multiply_add,
//   floats_of whole_rows, whole_panels    the tile, in rows and in panels of 16 outputs
//   whole_parts   how often four inputs are looked at, for a part of them each time
// Nothing here may be a template or an inline function of the standard library: the linker could give the
// code that a level's instructions made to the whole program.

namespace {

using piaa::transformer::Finish;
using piaa::transformer::lanes;
using piaa::transformer::Matrix;
using piaa::transformer::Rows;

float sum_of(Floats values) {
    alignas(64) float all[lanes];
    store(all, values);
    for (int half = lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) all[i] += all[i + half];
    return all[0];
}

float largest_of(Floats values) {
    alignas(64) float all[lanes];
    store(all, values);
    for (int i = 1; i < lanes; ++i) all[0] = all[i] > all[0] ? all[i] : all[0];
    return all[0];
}

/// e to the x, to about a unit in the last place, from -87 to 88.
Floats exponential(Floats x) {
    x = largest(all_of(-87.0F), smallest(all_of(88.0F), x));
    const Floats n = whole(x * all_of(1.44269504F));
    Floats r = multiply_add(n, all_of(-0.693359375F), x);
    r = multiply_add(n, all_of(2.12194440e-4F), r);
    constexpr float terms[] = {1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F};
    Floats sum = all_of(1.0F / 5040);
    for (const float term : terms) sum = multiply_add(sum, r, all_of(term));
    return sum * power(n);
}

Floats quick_gelu(Floats x) {
    return x / (all_of(1.0F) + exponential(x * all_of(-1.702F)));
}

void finish_floats(Floats value, Finish finish, float* out) {
    if (finish == Finish::gelu) value = quick_gelu(value);
    if (finish == Finish::add) value = value + load(out);
    store(out, value);
}

void normalise(const float* row, int width, const float* weight, const float* bias, float epsilon,
               float* out) {
    Floats sum = all_of(0);
    for (int i = 0; i < width; i += lanes) sum = sum + load(row + i);
    const float mean = sum_of(sum) / static_cast<float>(width);
    Floats squares = all_of(0);
    for (int i = 0; i < width; i += lanes) {
        const Floats d = load(row + i) - all_of(mean);
        squares = multiply_add(d, d, squares);
    }
    const float factor = 1 / __builtin_sqrtf(sum_of(squares) / static_cast<float>(width) + epsilon);
    for (int i = 0; i < width; i += lanes)
        store(out + i, multiply_add((load(row + i) - all_of(mean)) * all_of(factor), load(weight + i),
                                    load(bias + i)));
}

/// result[row] = sum over k of rows[row][k] * matrix[k], over Columns * 16 columns.
template <int Count, int Columns, typename Write>
void float_tile(const float* rows, int row_stride, int in, const float* matrix, int matrix_stride,
                Write write) {
    Floats sums[Count][Columns];  // in registers, because every loop over them is unrolled
#pragma GCC unroll 8
    for (int r = 0; r < Count; ++r)
#pragma GCC unroll 4
        for (int c = 0; c < Columns; ++c) sums[r][c] = all_of(0);
    for (int k = 0; k < in; ++k) {
        Floats columns[Columns];
#pragma GCC unroll 4
        for (int c = 0; c < Columns; ++c)
            columns[c] = load(matrix + static_cast<std::ptrdiff_t>(k) * matrix_stride + c * lanes);
#pragma GCC unroll 8
        for (int r = 0; r < Count; ++r) {
            const Floats value = all_of(rows[static_cast<std::ptrdiff_t>(r) * row_stride + k]);
#pragma GCC unroll 4
            for (int c = 0; c < Columns; ++c) sums[r][c] = multiply_add(value, columns[c], sums[r][c]);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < Count; ++r)
#pragma GCC unroll 4
        for (int c = 0; c < Columns; ++c) write(r, c, sums[r][c]);
}

/// All rows and columns in tiles: write(row, column, 16 values).
template <typename Write>
void float_product(const float* rows, int row_stride, int count, int in, const float* matrix,
                   int matrix_stride, int out, Write write) {
    for (int column = 0; column < out;) {
        const bool wide = out - column >= float_columns * lanes;
        const float* const part = matrix + column;
        for (int row = 0; row < count;) {
            const float* const first = rows + static_cast<std::ptrdiff_t>(row) * row_stride;
            const auto place = [&](int r, int c, Floats value) { write(row + r, column + c * lanes, value); };
            if (count - row >= float_rows) {
                if (wide)
                    float_tile<float_rows, float_columns>(first, row_stride, in, part, matrix_stride, place);
                else
                    float_tile<float_rows, 1>(first, row_stride, in, part, matrix_stride, place);
                row += float_rows;
            } else {
                if (wide)
                    float_tile<1, float_columns>(first, row_stride, in, part, matrix_stride, place);
                else
                    float_tile<1, 1>(first, row_stride, in, part, matrix_stride, place);
                ++row;
            }
        }
        column += (wide ? float_columns : 1) * lanes;
    }
}

void multiply_floats(const float* rows, int count, int in, const float* matrix, int out, float* result,
                     int stride) {
    float_product(rows, in, count, in, matrix, out, out, [&](int row, int column, Floats value) {
        store(result + static_cast<std::ptrdiff_t>(row) * stride + column, value);
    });
}

/// Each row of [count, width] becomes its softmax over the first `tokens`; the padding becomes 0. Gives 1 /
/// sum and leaves the row undivided.
float exponentials(float* row, int tokens, int width, float scale) {
    for (int t = tokens; t < width; ++t) row[t] = -1e30F;
    Floats top = load(row);
    for (int t = lanes; t < width; t += lanes) top = largest(top, load(row + t));
    const Floats most = all_of(largest_of(top));
    Floats sum = all_of(0);
    for (int t = 0; t < width; t += lanes) {
        const Floats value = exponential((load(row + t) - most) * all_of(scale));
        store(row + t, value);
        if (t + lanes <= tokens) sum = sum + value;
    }
    float rest = 0;
    for (int t = tokens / lanes * lanes; t < tokens; ++t) rest += row[t];
    return 1 / (sum_of(sum) + rest);
}

void attend(const float* rows, int stride, int width, int tokens, int queries, int head_width, float* scratch,
            float* out, int out_stride) {
    constexpr int at_once = piaa::transformer::attention_rows;
    const int places = piaa::transformer::padded(tokens);
    float* const keys = scratch;  // [head_width, places]
    float* const weights = scratch + static_cast<std::ptrdiff_t>(head_width) * places;
    for (int t = 0; t < places; ++t) {
        const float* const key = rows + static_cast<std::ptrdiff_t>(t) * stride + width;
        for (int d = 0; d < head_width; ++d) keys[d * places + t] = t < tokens ? key[d] : 0;
    }
    const float scale = 1 / __builtin_sqrtf(static_cast<float>(head_width));
    for (int query = 0; query < queries; query += at_once) {
        const int count = queries - query < at_once ? queries - query : at_once;
        float_product(rows + static_cast<std::ptrdiff_t>(query) * stride, stride, count, head_width, keys,
                      places, places, [&](int row, int column, Floats value) {
                          store(weights + row * places + column, value);
                      });
        float factors[at_once];
        for (int row = 0; row < count; ++row)
            factors[row] = exponentials(weights + row * places, tokens, places, scale);
        float_product(weights, places, count, tokens, rows + 2 * width, stride, head_width,
                      [&](int row, int column, Floats value) {
                          store(out + static_cast<std::ptrdiff_t>(query + row) * out_stride + column,
                                value * all_of(factors[row]));
                      });
    }
}

void sum(const std::int8_t* weights, int in, int out, std::int32_t* sums) {
    for (int panel = 0; panel < out / lanes; ++panel) {
        for (int n = 0; n < lanes; ++n) sums[panel * lanes + n] = 0;
        for (int k = 0; k < in / 4; ++k, weights += 4 * lanes)
            for (int n = 0; n < lanes; ++n)
                sums[panel * lanes + n] +=
                    weights[4 * n] + weights[4 * n + 1] + weights[4 * n + 2] + weights[4 * n + 3];
    }
}

// With floats: panels of the matrix are turned into floats, for all rows at once.

[[maybe_unused]] void take_floats(const float* values, const Rows& rows, int at) {
    __builtin_memcpy(rows.values + static_cast<std::size_t>(at) * rows.width * sizeof(float), values,
                     sizeof(float) * static_cast<std::size_t>(rows.width));
}

[[maybe_unused]] void multiply_by_floats(const Rows& rows, int count, const Matrix& matrix, Finish finish,
                                         float* scratch, float* out, int stride) {
    const int panels = matrix.out / lanes;
    for (int first = 0; first < panels; first += float_columns) {
        const int side = panels - first < float_columns ? panels - first : float_columns;
        for (int panel = 0; panel < side; ++panel) {
            const std::int8_t* weights =
                matrix.weights + static_cast<std::ptrdiff_t>(first + panel) * lanes * matrix.in;
            for (int k = 0; k < matrix.in; ++k)
                for (int n = 0; n < lanes; ++n)
                    scratch[(static_cast<std::ptrdiff_t>(k) * side + panel) * lanes + n] =
                        weights[(k / 4 * lanes + n) * 4 + k % 4];
        }
        float_product(
            reinterpret_cast<const float*>(rows.values), rows.width, count, matrix.in, scratch, side * lanes,
            side * lanes, [&](int row, int column, Floats value) {
                const int channel = first * lanes + column;
                value = multiply_add(value, load(matrix.scale + channel), load(matrix.bias + channel));
                finish_floats(value, finish, out + static_cast<std::ptrdiff_t>(row) * stride + channel);
            });
    }
}

#ifdef PIAA_WHOLE_NUMBERS

/// What 0 to 255 the values become in a row. inverse: 1 / its scale.
Floats number_of(Floats values, Floats inverse, Floats zero) {
    return largest(all_of(0), smallest(all_of(255), whole(values * inverse) + zero));
}

/// 0 to 255 for the range of the row, which always holds 0; read(i) gives the values from i on.
template <typename Read>
void quantise(Read read, const Rows& rows, int at) {
    Floats low = all_of(0);
    Floats high = all_of(0);
    for (int i = 0; i < rows.width; i += lanes) {
        low = smallest(low, read(i));
        high = largest(high, read(i));
    }
    const float lowest = -largest_of(all_of(0) - low);
    const float range = largest_of(high) - lowest;
    const float scale = range > 0 ? range / 255 : 1;
    const float inverse = 1 / scale;
    alignas(64) float numbers[lanes];
    store(numbers, whole(all_of(-lowest * inverse)));
    const float zero = numbers[0] < 255 ? numbers[0] : 255;
    rows.scale[at] = scale;
    rows.zero[at] = static_cast<std::int32_t>(zero);
    auto* const target = reinterpret_cast<Value*>(rows.values) + static_cast<std::ptrdiff_t>(at) * rows.width;
    for (int i = 0; i < rows.width; i += lanes)
        store_values(target + i, number_of(read(i), all_of(inverse), all_of(zero)));
}

void take_whole(const float* values, const Rows& rows, int at) {
    const auto value = [&](int i) { return load(values + i); };
    quantise(value, rows, at == 0 ? 0 : at + 1);
    if (at > 0) return;
    const Floats scale = all_of(rows.scale[0]);
    const Floats inverse = all_of(1 / rows.scale[0]);
    const Floats zero = all_of(static_cast<float>(rows.zero[0]));
    quantise([&](int i) { return value(i) - (number_of(value(i), inverse, zero) - zero) * scale; }, rows, 1);
}

template <int Count, int Panels>
void whole_tile(const Rows& rows, int first, int stored, const Matrix& matrix, int panel, Finish finish,
                float* out, int stride) {
    const Value* inputs[Count];
    for (int r = 0; r < Count; ++r)
        inputs[r] = reinterpret_cast<const Value*>(rows.values) +
                    static_cast<std::ptrdiff_t>(first + (r < stored ? r : 0)) * rows.width;
    const std::ptrdiff_t panel_size = static_cast<std::ptrdiff_t>(matrix.in) * lanes;
    const std::int8_t* const weights = matrix.weights + panel * panel_size;
    Sums sums[Count][Panels];  // in registers, because every loop over them is unrolled
#pragma GCC unroll 16
    for (int r = 0; r < Count; ++r)
#pragma GCC unroll 4
        for (int p = 0; p < Panels; ++p) clear(sums[r][p]);
    for (int k = 0; k < matrix.in; k += 4)
#pragma GCC unroll 2
        for (int part = 0; part < whole_parts; ++part) {
            Weights columns[Panels];
#pragma GCC unroll 4
            for (int p = 0; p < Panels; ++p)
                columns[p] = read_weights(weights + p * panel_size + k * lanes, part);
#pragma GCC unroll 16
            for (int r = 0; r < Count; ++r) {
                const Inputs values = read_inputs(inputs[r] + k, part);
#pragma GCC unroll 4
                for (int p = 0; p < Panels; ++p) multiply_add(sums[r][p], values, columns[p]);
            }
        }
#pragma GCC unroll 16
    for (int r = 0; r < Count; ++r) {
#pragma GCC unroll 4
        for (int p = 0; p < Panels; ++p) {
            const int row = first + r;
            if (r >= stored || row == 1) continue;
            const int channel = (panel + p) * lanes;
            // Not by a function that takes a reference to a sum, which would keep all of them in memory.
            const Floats scale = load(matrix.scale + channel);
            Floats value = multiply_add(floats_of(sums[r][p], matrix.sums + channel, rows.zero[row]),
                                        all_of(rows.scale[row]) * scale, load(matrix.bias + channel));
            if (r == 0 && row == 0)
                value = multiply_add(floats_of(sums[1][p], matrix.sums + channel, rows.zero[1]),
                                     all_of(rows.scale[1]) * scale, value);
            finish_floats(value, finish,
                          out + static_cast<std::ptrdiff_t>(row > 0 ? row - 1 : 0) * stride + channel);
        }
    }
}

template <int Panels>
void whole_panels_of(const Rows& rows, int count, const Matrix& matrix, int panel, Finish finish, float* out,
                     int stride) {
    const int stored = count + 1;
    if (stored == 2) return whole_tile<2, Panels>(rows, 0, 2, matrix, panel, finish, out, stride);
    for (int row = 0; row < stored; row += whole_rows)
        whole_tile<whole_rows, Panels>(rows, row, stored - row, matrix, panel, finish, out, stride);
}

void multiply_whole(const Rows& rows, int count, const Matrix& matrix, Finish finish, float* /*scratch*/,
                    float* out, int stride) {
    const int panels = matrix.out / lanes;
    int panel = 0;
    for (; panel + whole_panels <= panels; panel += whole_panels)
        whole_panels_of<whole_panels>(rows, count, matrix, panel, finish, out, stride);
    for (; panel < panels; ++panel) whole_panels_of<1>(rows, count, matrix, panel, finish, out, stride);
}

#endif

}  // namespace
