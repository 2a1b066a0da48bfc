#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <piaa/export.h>

namespace piaa {

/// The five traits of the literature, in its order: openness, conscientiousness, extraversion, agreeableness,
/// neuroticism. What a network says of them describes the look of a photo: style axes, to people.
constexpr std::size_t trait_count = 5;

/// A sentence that somebody says of themselves, to be answered from 1 (very inaccurate) to 5 (very accurate).
struct Statement {
    const char* text;
    std::size_t trait;  ///< its place among the five
    bool reversed;      ///< agreeing counts against the trait
};

/// The Mini-IPIP in its published order: twenty statements of the International Personality Item Pool, which
/// is in the public domain (Donnellan, Oswald, Baird and Lucas, Psychological Assessment 18, 2006).
PIAA_API std::span<const Statement> questionnaire();

/// -1 to 1 a trait, 0 for the middle of the scale: (mean answer - 3) / 2, reversed statements turned round.
using Traits = std::array<double, trait_count>;

/// Throws Error(bad_argument) for another number of answers than questionnaire() has, or one outside 1 to 5.
PIAA_API Traits traits_of(std::span<const int> answers);

}  // namespace piaa
