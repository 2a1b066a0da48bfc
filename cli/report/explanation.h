#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <piaa/reasons.h>

namespace piaa::cli {

/// A photo's reasons for programs: path, score, generic, flags, unlike_training, polish (null for none),
/// average_photo, places: [{place, points}], whole, attributes: [{name, value, usual, deviations, points}],
/// rest, sentences; for one person also taste: {places, elsewhere}, and taste in each attribute. See Reasons
/// for what the numbers mean. sharpness: where the photo is sharp, as sharpness_in_words() says it; the last
/// of the sentences and a key of its own, unless empty.
nlohmann::ordered_json explanation(const std::string& path, const Reasons& reasons,
                                   std::optional<double> polish, const std::string& sharpness = {});

/// The same for people: the path, and a line per sentence.
std::string explanation_text(const std::string& path, const Reasons& reasons, std::optional<double> polish,
                             const std::string& sharpness = {});

}  // namespace piaa::cli
