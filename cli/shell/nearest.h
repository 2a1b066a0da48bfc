#pragma once

#include <string>
#include <vector>

namespace piaa::cli {

/// How many letters are to be put in, taken out, replaced or exchanged with their neighbour to make one word
/// of the other.
std::size_t edit_distance(const std::string& one, const std::string& other);

/// The word most like what was typed; empty when none is like it, that is when more than a third of it would
/// change.
std::string nearest(const std::string& typed, const std::vector<std::string>& words);

}  // namespace piaa::cli
