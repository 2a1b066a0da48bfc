#pragma once

#include <nlohmann/json_fwd.hpp>

#include <piaa/profile.h>

namespace piaa::cli {

/// What a profile holds, for programs: profile_hash, ratings, comparisons, photos, created, updated, model,
/// model_hash, preprocessing, method, prior, questionnaire, agreement (null where nothing was held out) and,
/// where they were learned, gate and ten_more.
nlohmann::ordered_json profile_record(const UserProfile& profile);

}  // namespace piaa::cli
