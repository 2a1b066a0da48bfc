#pragma once

#include <cstddef>

#include <piaa/export.h>

namespace piaa {

/// What chosen photos and those that they were chosen from are rated, on 0 to 1.
struct ChoiceRatings {
    double chosen = 1;
    double others = 0;
};

/// A choice as ratings. Who chose the share p is taken for somebody whose ratings are normal, with mean 0.5
/// and deviation 0.2, and who chose the best p: chosen photos have the mean of the best, all others that of
/// the rest. Nobody dislikes what was not chosen.
PIAA_API ChoiceRatings ratings_of_choice(std::size_t chosen, std::size_t others);

}  // namespace piaa
