#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include <piaa/features.h>

namespace piaa::cli {

/// Raised when the same file gives other features than before: another decoding, another formula, another
/// layout of the record. What was kept under another number is not found any more.
constexpr int feature_record_version = 3;

/// 128 bits that differ for different bytes.
std::string content_hash(std::span<const std::byte> bytes);

/// Features without maps and picture as bytes, with a checksum; every number comes back bit by bit.
std::string packed_features(const Features& features);

/// Nothing when the bytes are damaged or of another version.
std::optional<Features> unpacked_features(std::span<const std::byte> record);

}  // namespace piaa::cli
