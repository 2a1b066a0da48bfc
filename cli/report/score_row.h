#pragma once

#include <nlohmann/json.hpp>

#include <piaa/personal_model.h>

#include "photos/photo_list.h"

namespace piaa::cli {

/// Raised when a key of the rows that `score` writes as JSON is taken away or changes its type; keys may be
/// added without.
constexpr int score_row_schema = 1;

/// What a score says of a photo, for reports of all kinds: id, path, score, spread, stars, flags as a list of
/// names and, where there are any, generic and trust (with a person) and pair.
nlohmann::ordered_json score_record(const Photo& photo, const std::string& content_id, const Score& score,
                                    bool personal);

/// Adds how polished the picture looks, where the model's network has a head for that.
void add_polish(nlohmann::ordered_json& record, const Model& model, const Features& features);

/// Adds where a record comes from: model, its hash, the profile's hash, version, device.
void add_provenance(nlohmann::ordered_json& record, const PersonalModel& scorer);

/// The flags of a record, a list of names, as JSON rows have them: an object with a boolean for each of
/// Flags, and for "soft_subject", which only a comparison of several photos tells: of pick, and of score when
/// asked.
nlohmann::ordered_json flags_of(const nlohmann::ordered_json& record);

/// What JSON says of a photo: every row has the same keys with values of the same types, so that readers that
/// guess a table's columns from its first rows lose nothing.
///
///   schema  1
///   id, path, photo_id, pair, model, model_hash, profile_hash, version, device, shard, error
///           text, "" where there is none; photo_id is the content id, which names the photo for
///           `adapt --choices`
///   score, generic, trust, spread, polish, percentile
///           numbers, 0 where there is none; without a profile generic is score
///   stars   0 for none
///   flags   an object with a boolean for each flag there is
///
/// `record` holds some of these, flags as a list of names and stars as null where there are none.
nlohmann::ordered_json score_row(const nlohmann::ordered_json& record);

}  // namespace piaa::cli
