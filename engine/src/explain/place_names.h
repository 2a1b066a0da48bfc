#pragma once

#include <array>

namespace piaa {

/// What the nine fields of a photo are called, row by row; to be translated where they are used.
extern const std::array<const char*, 9> place_names;

/// Where a field of three begins, so that small maps are divided as evenly as they can be.
constexpr int third(int i, int side) {
    return (i * side + 1) / 3;
}

}  // namespace piaa
