#include "crops/crop_record.h"

#include <algorithm>
#include <cmath>

#include "report/picture_name.h"
#include "report/rounded.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

Json box_json(const Box& box) {
    return {
        {"x", rounded(box.x)}, {"y", rounded(box.y)}, {"w", rounded(box.width)}, {"h", rounded(box.height)}};
}

/// For CSS: where the photo stands in a frame of the crop's aspect so that the crop's middle shows.
std::string object_position(const Box& crop) {
    const auto percent = [](double start, double length) {
        const double share = length < 1 ? start / (1 - length) : 0.5;
        return std::to_string(std::lround(100 * share)) + "%";
    };
    return percent(crop.x, crop.width) + " " + percent(crop.y, crop.height);
}

Json copy_json(const TextArea& area) {
    Json json = box_json(area.box);
    json["calmness"] = rounded(area.calmness);
    json["background"] = hex(area.background);
    json["text"] = hex(area.text);
    json["contrast"] = rounded(area.contrast);
    json["scrim"] = rounded(area.scrim);
    json["scrim_colour"] = hex(area.scrim_colour);
    json["contrast_on_scrim"] = rounded(area.contrast_on_scrim);
    return json;
}

/// The smallest upright box of the photo that holds a box of the frame.
PixelBox on_photo(const Box& box, const Levelling& levelling) {
    const auto corners = levelling.corners(box);
    const auto [left, right] = std::minmax({corners[0].x, corners[1].x, corners[2].x, corners[3].x});
    const auto [top, bottom] = std::minmax({corners[0].y, corners[1].y, corners[2].y, corners[3].y});
    const auto pixel = [](double share, int side) {
        return std::clamp(static_cast<int>(std::lround(share * side)), 0, side);
    };
    const Size size = levelling.photo;
    const int x = pixel(left, size.width), y = pixel(top, size.height);
    return {x, y, std::max(1, pixel(right, size.width) - x), std::max(1, pixel(bottom, size.height) - y)};
}

std::string crop_id(const CropCandidate& crop, const Features& photo,
                    const std::optional<Levelling>& levelling) {
    if (!levelling || levelling->angle == 0) return picture_id(photo.content_id, crop.box, photo.photo);
    return picture_id(photo.content_id, on_photo(normalized(crop.box, photo.photo), *levelling),
                      levelling->photo);
}

Json crop_json(const CropCandidate& crop, const Features& photo, const std::optional<Levelling>& levelling) {
    const Box box = normalized(crop.box, photo.photo);
    Json json{{"id", crop_id(crop, photo, levelling)},
              {"box", {{"x", crop.box.x}, {"y", crop.box.y}, {"w", crop.box.width}, {"h", crop.box.height}}},
              {"normalized", box_json(box)},
              {"score", rounded(crop.score)},
              {"margin_over_full", rounded(crop.margin_over_full)},
              {"kept", rounded(crop.kept)},
              {"object_position", object_position(box)},
              {"violations", crop.violations},
              {"reasons", crop.reasons}};
    for (const TextArea& area : crop.copy) json["copy"].push_back(copy_json(area));
    return json;
}

}  // namespace

Json crop_record(const std::string& path, const Features& photo, const CropFormat& format,
                 const CropResult& result, std::optional<Levelling> levelling) {
    const Size size = photo.photo;
    Json record{{"path", path}, {"width", size.width}, {"height", size.height}, {"format", format.name}};
    if (levelling) record["angle"] = levelling->angle;
    if (format.size) record["size"] = {format.size->width, format.size->height};
    record["crops"] = Json::array();
    for (const CropCandidate& crop : result.crops)
        record["crops"].push_back(crop_json(crop, photo, levelling));
    record["leave_it"] = result.leave_it;
    record["focal_point"] = {{"x", rounded(result.focal_point.x)}, {"y", rounded(result.focal_point.y)}};
    return record;
}

std::vector<Json> crop_rows(const Json& record) {
    std::vector<Json> rows;
    for (const Json& crop : record["crops"]) {
        Json row{{"path", record["path"]}, {"format", record["format"]}, {"rank", rows.size() + 1}};
        if (record.contains("angle")) row["angle"] = record["angle"];
        for (const char* side : {"x", "y", "w", "h"}) row[side] = crop["box"][side];
        for (const char* name : {"score", "margin_over_full", "kept", "violations", "reasons"})
            row[name] = crop[name];
        row["leave_it"] = record["leave_it"];
        for (const char* name : {"id", "model", "model_hash", "profile_hash", "version", "device"})
            if (record.contains(name)) row[name] = record[name];
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Column> crop_columns(bool straighten) {
    std::vector<Column> columns{{"path"},
                                {.name = "format", .width = 16},
                                {.name = "rank", .width = 4},
                                {.name = "x", .width = 5},
                                {.name = "y", .width = 5},
                                {.name = "w", .width = 5},
                                {.name = "h", .width = 5},
                                {.name = "score", .width = 5, .decimals = 3},
                                {.name = "margin_over_full", .width = 16, .decimals = 3},
                                {.name = "kept", .width = 5},
                                {.name = "leave_it", .width = 8},
                                {.name = "violations", .width = 12}};
    if (straighten) columns.insert(columns.begin() + 3, {.name = "angle", .width = 5, .decimals = 2});
    return columns;
}

}  // namespace piaa::cli
