#pragma once

#include <array>
#include <optional>

#include <piaa/export.h>
#include <piaa/profile.h>

namespace piaa {

/// The scores (1 to 10) from which on a photo has 2, 3, 4 and 5 stars; they never fall. One above 10 is never
/// reached.
using StarThresholds = std::array<double, 4>;

/// 1 to 5.
PIAA_API int stars_at(const StarThresholds& thresholds, double score);

/// A person's own, as score() uses them; nothing where the model's hold. Throws Error(bad_profile) where what
/// the profile keeps falls.
PIAA_API std::optional<StarThresholds> star_thresholds(const UserProfile& profile);

/// Keeps them in the profile through all learning, or takes them out, and those like the person's too. Throws
/// Error(bad_argument) where they fall.
PIAA_API void set_star_thresholds(UserProfile& profile, const std::optional<StarThresholds>& thresholds);

/// Stars like the person's: adapt() finds the thresholds by which photos like the rated ones get each number
/// of stars as often as the person gave it, each scored without its own rating. It needs ten rated photos and
/// two different ratings; until then the model's thresholds hold.
PIAA_API void set_stars_like_ratings(UserProfile& profile);
PIAA_API bool stars_like_ratings(const UserProfile& profile);

/// Keeps the choice of an earlier state of the profile, such as one of another model. Thresholds of scores
/// mean the same whatever the model; those like the person's are found by the next adapt().
PIAA_API void keep_star_choice(const UserProfile& earlier, UserProfile& profile);

}  // namespace piaa
