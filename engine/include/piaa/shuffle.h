#pragma once

#include <cstddef>
#include <random>
#include <utility>

namespace piaa {

/// Fisher-Yates with the remainder, so that every standard library draws the same.
template <typename Items>
void shuffle(Items& items, std::mt19937_64& random) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);
}

}  // namespace piaa
