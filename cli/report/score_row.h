#pragma once

#include <nlohmann/json.hpp>

namespace piaa::cli {

/// Raised when a key of the rows that `score` writes as JSON is taken away or changes its type; keys may be
/// added without.
constexpr int score_row_schema = 1;

/// What JSON says of a photo: every row has the same keys with values of the same types, so that readers that
/// guess a table's columns from its first rows lose nothing.
///
///   schema  1
///   path, pair, model, model_hash, profile_hash, version, shard, error   text, "" where there is none
///   score, generic, trust, spread   numbers, 0 where there is none; without a profile generic is score
///   stars   0 for none
///   flags   an object with a boolean for each flag there is
///
/// `record` holds some of these, flags as a list of names and stars as null where there are none.
nlohmann::ordered_json score_row(const nlohmann::ordered_json& record);

}  // namespace piaa::cli
