#pragma once

#include "network/transformer/operations.h"

namespace piaa::transformer {

extern const Operations portable_operations;
extern const Operations avx2_operations;
extern const Operations avx2_float_operations;
extern const Operations avx_vnni_operations;
extern const Operations avx512vl_vnni_operations;
extern const Operations avx512_vnni_operations;
extern const Operations avx512_float_operations;

}  // namespace piaa::transformer
