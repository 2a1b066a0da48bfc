#include "report/profile_record.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "console/escape.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {

Json profile_record(const UserProfile& profile) {
    const Learned& learned = profile.learned();
    const auto ratings =
        std::count_if(profile.events().begin(), profile.events().end(),
                      [](const Feedback& event) { return event.kind == FeedbackKind::rating; });
    Json json = {{"profile_hash", profile_hash(profile)},
                 {"ratings", ratings},
                 {"comparisons", static_cast<std::ptrdiff_t>(profile.events().size()) - ratings},
                 {"photos", profile.rows().size()},
                 {"created", profile.created},
                 {"updated", profile.updated},
                 {"model", percent_escaped(profile.base().name)},
                 {"model_hash", percent_escaped(profile.base().hash)},
                 {"preprocessing", percent_escaped(profile.base().preprocessing)},
                 {"method", percent_escaped(learned.method)},
                 {"prior", percent_escaped(learned.prior)},
                 {"questionnaire", profile.traits().has_value()},
                 {"agreement", nullptr}};
    if (const auto& a = learned.agreement)
        json["agreement"] = {{"value", a->value},  {"low", a->low},           {"high", a->high},
                             {"gain", a->gain},    {"gain_low", a->gain_low}, {"gain_high", a->gain_high},
                             {"photos", a->photos}};
    for (const char* name : {"gate", "ten_more"})
        if (const auto found = learned.numbers.find(name); found != learned.numbers.end())
            json[name] = found->second;
    return json;
}

}  // namespace piaa::cli
