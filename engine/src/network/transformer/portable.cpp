#include "network/transformer/all_operations.h"

// For every processor: floats four at a time, which g++ puts into registers of SSE2 or NEON.

namespace {

using Four = float __attribute__((vector_size(16)));

struct Floats {
    Four part[4];
};

template <typename Make>
inline Floats each(Make make) {
    return {{make(0), make(1), make(2), make(3)}};
}
inline Floats load(const float* from) {
    Floats x;
    __builtin_memcpy(&x, from, sizeof x);
    return x;
}
inline void store(float* to, Floats x) {
    __builtin_memcpy(to, &x, sizeof x);
}
inline Floats all_of(float x) {
    return each([&](int) { return Four{x, x, x, x}; });
}
inline Floats operator+(Floats x, Floats y) {
    return each([&](int i) { return x.part[i] + y.part[i]; });
}
inline Floats operator-(Floats x, Floats y) {
    return each([&](int i) { return x.part[i] - y.part[i]; });
}
inline Floats operator*(Floats x, Floats y) {
    return each([&](int i) { return x.part[i] * y.part[i]; });
}
inline Floats operator/(Floats x, Floats y) {
    return each([&](int i) { return x.part[i] / y.part[i]; });
}
inline Floats multiply_add(Floats x, Floats y, Floats z) {
    return each([&](int i) { return x.part[i] * y.part[i] + z.part[i]; });
}
inline Floats smallest(Floats x, Floats y) {
    return each([&](int i) { return x.part[i] < y.part[i] ? x.part[i] : y.part[i]; });
}
inline Floats largest(Floats x, Floats y) {
    return each([&](int i) { return x.part[i] > y.part[i] ? x.part[i] : y.part[i]; });
}
/// Adding 1.5 * 2^23 leaves no room for a fraction.
inline Floats whole(Floats x) {
    return (x + all_of(12582912.0F)) - all_of(12582912.0F);
}
inline Floats power(Floats n) {
    alignas(64) float powers[16];
    store(powers, n);
    for (float& power : powers) {
        const std::int32_t bits = (static_cast<std::int32_t>(power) + 127) << 23;
        __builtin_memcpy(&power, &bits, sizeof bits);
    }
    return load(powers);
}

constexpr int float_rows = 2;
constexpr int float_columns = 1;

}  // namespace

#include "network/transformer/operations_body.h"

namespace piaa::transformer {

const Operations portable_operations{"portable",      sizeof(float), float_columns* lanes,
                                     take_floats,     normalise,     multiply_by_floats,
                                     multiply_floats, attend,        sum};

}  // namespace piaa::transformer
