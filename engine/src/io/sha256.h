#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace piaa {

/// SHA-256 in 64 hexadecimal digits.
std::string sha256(std::span<const std::byte> bytes);

}  // namespace piaa
