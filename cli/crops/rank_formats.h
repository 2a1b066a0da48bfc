#pragma once

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <piaa/crop.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa::cli {

/// How well a format suits a photo, by its best crop: comparable between formats of one photo.
struct FormatFit {
    double fit = 0;      ///< 0 to 1: framing * text, a quarter of it for each constraint that is broken
    double framing = 1;  ///< of what a crop of any format would reach on this photo, 0 to 1
    double text = 1;  ///< calmness of the busiest room for text, less where 4.5:1 of contrast is not reached
    std::vector<std::string> reasons = {};  ///< in words, what costs most first; empty where nothing does
};

/// results: of find_crops() for several formats. features: with maps.
std::vector<FormatFit> fit_formats(const Model& model, const Features& features,
                                   std::span<const CropResult> results);

/// Puts the records, one for each format, into order, best first and of equals the earlier one, and adds rank
/// (from 1), fit, fit_framing, fit_text and fit_reasons. Without fits they stay as they are.
void rank_records(std::vector<nlohmann::ordered_json>& records, std::span<const FormatFit> fits);

}  // namespace piaa::cli
