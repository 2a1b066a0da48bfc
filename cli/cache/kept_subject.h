#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace piaa::cli {

/// What find_subject() says in a byte per place, 255 where most of the subject is; all 0 where nothing stands
/// out. Empty: not known. A fourth of the numbers' size, and packing what was unpacked changes nothing.
using KeptSubject = std::vector<std::uint8_t>;

KeptSubject packed_subject(std::span<const float> shares);

/// Shares with the sum 1, or all 0.
std::vector<float> unpacked_subject(const KeptSubject& subject);

}  // namespace piaa::cli
