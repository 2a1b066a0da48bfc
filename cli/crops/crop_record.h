#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <piaa/crop.h>
#include <piaa/features.h>
#include <piaa/level.h>

#include "crops/crop_format.h"
#include "report/report.h"

namespace piaa::cli {

/// What JSON says of one photo in one format, best crop first. Each crop has an `id`, its PictureName by
/// content id. levelling: with --straighten alone, the
/// frame in which boxes lie, `photo` being what it shows; an id names the smallest upright part of the photo
/// that holds the crop.
nlohmann::ordered_json crop_record(const std::string& path, const Features& photo, const CropFormat& format,
                                   const CropResult& result, std::optional<Levelling> levelling = {});

/// The same for tables and CSV: one flat row per crop.
std::vector<nlohmann::ordered_json> crop_rows(const nlohmann::ordered_json& record);
std::vector<Column> crop_columns(bool straighten = false);

}  // namespace piaa::cli
