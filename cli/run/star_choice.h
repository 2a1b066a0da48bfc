#pragma once

#include <optional>

#include <piaa/personal_model.h>
#include <piaa/stars.h>

namespace CLI {
class App;
}

namespace piaa::cli {

/// From which scores on there are how many stars, where it is not left to the model or the profile.
struct StarChoice {
    std::optional<StarThresholds> at;
    bool like_mine = false;  ///< as often as the person gave them
    bool of_model = false;   ///< those of the model again, where a profile keeps others
};

/// --stars-at, --stars-like-mine, and to keep one of them in a profile --stars-default.
void add_star_choice(CLI::App& command, StarChoice& choice, bool kept);

/// Puts the choice into a profile that is going to be learned.
void keep_in(UserProfile& profile, const StarChoice& choice);

/// What was chosen for a run; nothing where it is left to the model or the profile. Learns the person again,
/// in memory, where stars are to be like theirs. Throws Error(bad_argument) where nobody is chosen or too
/// little was rated.
std::optional<StarThresholds> chosen_stars(const StarChoice& choice, const PersonalModel& eye);

}  // namespace piaa::cli
