#include "report/profile_record.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>
#include <piaa/stars.h>

#include "console/escape.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {

Json star_thresholds_record(const UserProfile& profile) {
    Json record = Json::array();
    if (const auto thresholds = star_thresholds(profile)) record = *thresholds;
    return record;
}

std::string stars_in_words(const UserProfile& profile) {
    const auto thresholds = star_thresholds(profile);
    if (!thresholds)
        return stars_like_ratings(profile) ? "stars: the model's, until ten photos have ratings that differ"
                                           : "";
    std::string text = "stars:";
    for (std::size_t i = 0; i < thresholds->size(); ++i) {
        text += i == 0 ? " " : ", ";
        text += (*thresholds)[i] > 10 ? fmt::format("no {}", i + 2)
                                      : fmt::format("{} from {:.2f}", i + 2, (*thresholds)[i]);
    }
    return text + (stars_like_ratings(profile) ? ", as often as in the ratings" : "");
}

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
                 {"star_thresholds", star_thresholds_record(profile)},
                 {"stars_like_ratings", stars_like_ratings(profile)},
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
