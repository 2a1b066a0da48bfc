#pragma once

#include <string>
#include <vector>

#include <piaa/export.h>

#include "network/transformer/operations.h"

namespace piaa::transformer {

/// What this processor can run, the fastest first. Each has a name: avx512-vnni, avx512vl-vnni, avx-vnni and
/// avx2 multiply whole numbers and give the same bits; avx512-float, avx2-float and portable multiply floats.
PIAA_API std::vector<const Operations*> supported_operations();

/// One of them by name, or the fastest for "auto". Throws Error(device) for another name or a level that this
/// processor does not have.
PIAA_API const Operations& find_operations(const std::string& name);

}  // namespace piaa::transformer
