#include <immintrin.h>

#include "network/transformer/all_operations.h"

#define PIAA_DPBUSD "%{vex%} vpdpbusd %2, %1, %0"
#define PIAA_REGISTER "x"
#include "network/transformer/vnni256.h"

namespace piaa::transformer {

const Operations avx_vnni_operations{"avx-vnni",     sizeof(Value),   0,      take_whole, normalise,
                                     multiply_whole, multiply_floats, attend, sum};

}  // namespace piaa::transformer
