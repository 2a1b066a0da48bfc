#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include <piaa/features.h>

#include "cache/kept_subject.h"

namespace piaa::cli {

/// Raised when the same file gives other features than before: another decoding, another formula, another
/// layout of the record. What was kept under another number is not found any more.
constexpr int feature_record_version = 6;

/// 128 bits that differ for different bytes.
std::string content_hash(std::span<const std::byte> bytes);

/// What is kept of a photo.
struct KeptFeatures {
    Features features;    ///< without maps and picture
    KeptSubject subject;  ///< empty where it was kept without
};

/// Features without maps and picture as bytes, with a checksum; every number comes back bit by bit.
/// subject: empty, or one byte for each place of the grid.
std::string packed_features(const Features& features, const KeptSubject& subject = {});

/// Nothing when the bytes are damaged or of another version.
std::optional<KeptFeatures> unpacked_features(std::span<const std::byte> record);

}  // namespace piaa::cli
