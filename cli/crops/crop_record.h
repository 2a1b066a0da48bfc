#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include <piaa/crop.h>
#include <piaa/features.h>

#include "crops/crop_format.h"
#include "report/report.h"

namespace piaa::cli {

/// What JSON says of one photo in one format, best crop first. Each crop has an `id`, its PictureName by
/// content id.
nlohmann::ordered_json crop_record(const std::string& path, const Features& photo, const CropFormat& format,
                                   const CropResult& result);

/// The same for tables and CSV: one flat row per crop.
std::vector<nlohmann::ordered_json> crop_rows(const nlohmann::ordered_json& record);
std::vector<Column> crop_columns();

}  // namespace piaa::cli
