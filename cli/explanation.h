#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include <piaa/heatmap.h>
#include <piaa/score.h>

namespace piaa::cli {

/// What a photo's score is made of, for programs:
///   path, score, generic, average_photo (the score of an average photo), places: [{place, points}] over nine
///   fields of the photo, attributes: [{name, value, usual, deviations}] against the average photo, and with
///   a profile taste: {places: [...], attributes: [{name, points}]}, what this person likes differently.
/// map: the generic one; difference: the person's, or null.
nlohmann::ordered_json explanation(const std::string& path, const Score& score, const Features& features,
                                   const Heatmap& map, const Heatmap* difference);

/// The same in a few sentences for people, one a line.
std::string explanation_text(const nlohmann::ordered_json& explanation);

}  // namespace piaa::cli
