#include "network/transformer/levels.h"

#include <piaa/error.h>

#include "network/transformer/all_operations.h"

namespace piaa::transformer {

std::vector<const Operations*> supported_operations() {
    std::vector<const Operations*> levels;
#ifdef __x86_64__
    const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") != 0 &&
                        __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
                        __builtin_cpu_supports("avx512dq") != 0;
    const bool avx512_vnni = avx512 && __builtin_cpu_supports("avx512vnni") != 0;
    if (avx512_vnni) levels.push_back(&avx512_vnni_operations);
    if (avx2 && __builtin_cpu_supports("avxvnni") != 0) levels.push_back(&avx_vnni_operations);
    if (avx512_vnni) levels.push_back(&avx512vl_vnni_operations);
    if (avx2) levels.push_back(&avx2_operations);
    if (avx512_vnni) levels.push_back(&avx512_float_operations);
    if (avx2) levels.push_back(&avx2_float_operations);
#endif
    levels.push_back(&portable_operations);
    return levels;
}

const Operations& find_operations(const std::string& name) {
    const auto levels = supported_operations();
    if (name == "auto") return *levels.front();
    std::string names;
    for (const Operations* level : levels) {
        if (name == level->name) return *level;
        names += std::string(names.empty() ? "" : ", ") + level->name;
    }
    throw Error(ErrorCode::device, "instructions are \"" + name + "\" and should be auto or one of " + names);
}

}  // namespace piaa::transformer
