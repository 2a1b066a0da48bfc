#pragma once

#include <cstddef>
#include <string>

namespace piaa::cli {

/// "1 photo", "3 photos"; "1 photo has", "3 photos have" where both are given.
inline std::string counted(std::size_t count, const std::string& one, const std::string& several = "") {
    return std::to_string(count) + ' ' + (count == 1 ? one : several.empty() ? one + 's' : several);
}

}  // namespace piaa::cli
