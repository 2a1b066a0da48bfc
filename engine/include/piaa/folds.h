#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <piaa/export.h>

namespace piaa {

/// Splits items into `count` folds of nearly equal size such that items of one group (say, one theme) always
/// share a fold: nothing learned from a fold's neighbours then leaks into it. Returns the fold of each item,
/// 0 to count - 1; the seed decides the draw. Fewer groups than folds leave some folds empty. Throws
/// Error(bad_argument) for fewer than two folds.
PIAA_API std::vector<int> make_folds(std::span<const std::string> groups, int count, std::uint64_t seed);

/// The same when every item is a group of its own.
PIAA_API std::vector<int> make_folds(std::size_t items, int count, std::uint64_t seed);

}  // namespace piaa
