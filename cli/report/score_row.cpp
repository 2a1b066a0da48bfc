#include "report/score_row.h"

#include <algorithm>

#include <piaa/flags.h>

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

Json flags_of(const Json& record) {
    const auto set = record.value("flags", std::vector<std::string>());
    Json flags = Json::object();
    for (const auto& name : Flags(~0U).names())
        flags[name] = std::find(set.begin(), set.end(), name) != set.end();
    return flags;
}

}  // namespace

Json score_row(const Json& record) {
    const auto text = [&](const char* key) { return record.value(key, std::string()); };
    const auto number = [&](const char* key, double otherwise = 0) { return record.value(key, otherwise); };
    const auto stars = record.find("stars");
    const double score = number("score");
    return {{"schema", score_row_schema},
            {"path", text("path")},
            {"score", score},
            {"generic", number("generic", score)},
            {"trust", number("trust")},
            {"spread", number("spread")},
            {"stars", stars != record.end() && stars->is_number() ? stars->get<int>() : 0},
            {"flags", flags_of(record)},
            {"pair", text("pair")},
            {"model", text("model")},
            {"model_hash", text("model_hash")},
            {"profile_hash", text("profile_hash")},
            {"version", text("version")},
            {"shard", text("shard")},
            {"error", text("error")}};
}

}  // namespace piaa::cli
