#include "report/json_rows.h"

#include "report/score_row.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

/// What stands before and after what a command says itself.
Json framed(const Json& own) {
    Json all = {{"schema", score_row_schema}, {"path", ""}};
    all.update(own);
    for (const char* key : {"model", "model_hash", "profile_hash", "version", "device", "error"})
        all[key] = "";
    return all;
}

}  // namespace

Json in_schema(const Json& empty, const Json& record) {
    Json row = Json::object();
    for (const auto& [key, otherwise] : empty.items()) {
        const auto found = record.find(key);
        row[key] = otherwise;
        if (found == record.end()) continue;
        if (otherwise.is_number_float() && found->is_number())
            row[key] = found->get<double>();
        else if (otherwise.is_object() && found->is_object())
            row[key] = in_schema(otherwise, *found);
        else if (otherwise.type() == found->type() ||
                 (otherwise.is_number_integer() && found->is_number_integer()))
            row[key] = *found;
    }
    return row;
}

Json crop_json_row(const Json& record, bool ranked, bool straightened) {
    static const Json empty = framed({{"id", ""},
                                      {"width", 0},
                                      {"height", 0},
                                      {"angle", 0.0},
                                      {"format", ""},
                                      {"size", {0, 0}},
                                      {"crops", Json::array()},
                                      {"leave_it", false},
                                      {"focal_point", {{"x", 0.0}, {"y", 0.0}}},
                                      {"rank", 0},
                                      {"fit", 0.0},
                                      {"fit_framing", 0.0},
                                      {"fit_text", 0.0},
                                      {"fit_reasons", Json::array()},
                                      {"files", Json::array()},
                                      {"sidecar", ""},
                                      {"shard", ""}});
    Json row = in_schema(empty, record);
    for (const char* key : {"rank", "fit", "fit_framing", "fit_text", "fit_reasons"})
        if (!ranked) row.erase(key);
    if (!straightened) row.erase("angle");
    for (Json& crop : row["crops"])
        if (!crop.contains("copy")) crop["copy"] = Json::array();
    return row;
}

Json pick_json_row(const Json& record) {
    static const Json empty = framed({{"id", ""},
                                      {"group", 0},
                                      {"kind", ""},
                                      {"pick", false},
                                      {"relative", 0.0},
                                      {"score", 0.0},
                                      {"flags", Json::object()},
                                      {"reason", ""}});
    Json row = in_schema(empty, record);
    row["flags"] = flags_of(record);
    return row;
}

Json suggest_json_row(const Json& record) {
    static const Json empty = framed({{"score", 0.0}, {"generic", 0.0}, {"trust", 0.0}, {"why", ""}});
    return in_schema(empty, record);
}

Json similar_json_row(const Json& record) {
    static const Json empty = framed({{"id", ""}, {"likeness", 0.0}, {"score", 0.0}});
    return in_schema(empty, record);
}

}  // namespace piaa::cli
