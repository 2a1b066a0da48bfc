#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <piaa/export.h>

namespace piaa {

/// SHA-256 in 64 hexadecimal digits.
PIAA_API std::string sha256(std::span<const std::byte> bytes);

}  // namespace piaa
