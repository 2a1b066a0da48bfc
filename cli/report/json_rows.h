#pragma once

#include <nlohmann/json.hpp>

namespace piaa::cli {

/// What JSON says, as score_row() does for readers that guess a table's columns from its first rows: every
/// row of a command has the same keys with values of the same types, and nothing is null. What a record lacks
/// is "", 0, false or [].
///
///   every command  schema: score_row_schema; path, model, model_hash, profile_hash, version, device,
///                  error: text
///   crop           one row per photo and format. id; width, height; angle: with
///                  --straighten alone; format; size: the two numbers that
///                  a preset asks for, [0, 0] for none; crops: objects, copy and id, which names the crop
///                  for `adapt --choices` (PictureName, in percent), always among their keys;
///                  leave_it; focal_point {x, y}; rank, fit, fit_framing, fit_text, fit_reasons: with
///                  --rank-presets alone; files: texts; sidecar, shard: text
///   pick           id; group: from 1, 0 with --cover; kind: text; pick: a boolean; relative, score;
///                  flags: an object with a boolean for each; reason: text
///   suggest        score, generic, trust; why: text
///   similar        likeness, score
nlohmann::ordered_json crop_json_row(const nlohmann::ordered_json& record, bool ranked,
                                     bool straightened = false);
nlohmann::ordered_json pick_json_row(const nlohmann::ordered_json& record);
nlohmann::ordered_json suggest_json_row(const nlohmann::ordered_json& record);
nlohmann::ordered_json similar_json_row(const nlohmann::ordered_json& record);

/// The keys of `empty` in its order, each with the record's value where that is of the same type.
nlohmann::ordered_json in_schema(const nlohmann::ordered_json& empty, const nlohmann::ordered_json& record);

}  // namespace piaa::cli
