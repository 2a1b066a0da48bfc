#pragma once

#include <malloc.h>

namespace piaa {

/// Freed buffers stay with the process instead of being faulted in again for every photo.
inline void keep_freed_memory() {
    constexpr int megabyte = 1 << 20;
    ::mallopt(M_MMAP_THRESHOLD, 32 * megabyte);
    ::mallopt(M_TRIM_THRESHOLD, 64 * megabyte);
}

}  // namespace piaa
