#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace piaa::cli {

/// The mean step to which a JPEG's coefficients of brightness are rounded, by its quantisation table: 1 is
/// the finest, about 3 what cameras write, 30 quality 75. Nothing for what is no JPEG or breaks a rule before
/// its first scan.
std::optional<double> jpeg_rounding(std::span<const std::byte> file);

}  // namespace piaa::cli
