#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include <piaa/profile.h>

namespace piaa::cli {

/// What a profile holds, for programs: profile_hash, ratings, comparisons, photos, created, updated, model,
/// model_hash, preprocessing, method, prior, questionnaire, star_thresholds, stars_like_ratings, agreement
/// (null where nothing was held out) and, where they were learned, gate and ten_more.
nlohmann::ordered_json profile_record(const UserProfile& profile);

/// The scores from which on there are 2, 3, 4 and 5 stars; [] where they are the model's.
nlohmann::ordered_json star_thresholds_record(const UserProfile& profile);
/// The same for people, "" where they are the model's.
std::string stars_in_words(const UserProfile& profile);

}  // namespace piaa::cli
