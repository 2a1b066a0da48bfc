#include "report/score_row.h"

#include <algorithm>

#include <piaa/flags.h>
#include <piaa/polish.h>

#include "report/rounded.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {

Json flags_of(const Json& record) {
    const auto set = record.value("flags", std::vector<std::string>());
    Json flags = Json::object();
    auto names = Flags(~0U).names();
    names.emplace_back("soft_subject");
    for (const auto& name : names) flags[name] = std::find(set.begin(), set.end(), name) != set.end();
    return flags;
}

Json score_record(const Photo& photo, const std::string& content_id, const Score& score, bool personal) {
    Json record = {{"id", photo.id},
                   {"path", photo.file.string()},
                   {"photo_id", content_id},
                   {"score", rounded(score.score)}};
    if (personal) {
        record["generic"] = rounded(score.generic);
        record["trust"] = rounded(score.trust);
    }
    record["spread"] = rounded(score.spread);
    record["stars"] = score.stars ? Json(*score.stars) : Json();
    record["flags"] = score.flags.names();
    if (!photo.pair.empty()) record["pair"] = photo.pair.string();
    return record;
}

void add_polish(Json& record, const Model& model, const Features& features) {
    if (const auto value = polish(model, features)) record["polish"] = rounded(*value);
}

void add_provenance(Json& record, const PersonalModel& scorer) {
    const Provenance from = scorer.provenance();
    record["model"] = from.model;
    record["model_hash"] = from.model_hash;
    if (scorer.is_personal()) record["profile_hash"] = from.profile_hash;
    record["version"] = from.version;
    record["device"] = scorer.model().device();
}

Json score_row(const Json& record) {
    const auto text = [&](const char* key) { return record.value(key, std::string()); };
    const auto number = [&](const char* key, double otherwise = 0) { return record.value(key, otherwise); };
    const auto stars = record.find("stars");
    const double score = number("score");
    return {{"schema", score_row_schema},
            {"id", text("id")},
            {"path", text("path")},
            {"score", score},
            {"generic", number("generic", score)},
            {"trust", number("trust")},
            {"spread", number("spread")},
            {"stars", stars != record.end() && stars->is_number() ? stars->get<int>() : 0},
            {"flags", flags_of(record)},
            {"polish", number("polish")},
            {"percentile", number("percentile")},
            {"photo_id", text("photo_id")},
            {"pair", text("pair")},
            {"model", text("model")},
            {"model_hash", text("model_hash")},
            {"profile_hash", text("profile_hash")},
            {"version", text("version")},
            {"device", text("device")},
            {"shard", text("shard")},
            {"error", text("error")}};
}

}  // namespace piaa::cli
