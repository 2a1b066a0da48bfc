#include "feedback/learned_report.h"

#include <ostream>
#include <string>

#include <fmt/format.h>

#include "console/counted.h"
#include "console/escape.h"
#include "report/profile_record.h"

namespace piaa::cli {

using Json = nlohmann::ordered_json;

namespace {

std::string signed_number(double value) {
    return fmt::format("{:+.2f}", value);
}

std::string number(double value) {
    return fmt::format("{:.2f}", value);
}

}  // namespace

void tell_learned(std::ostream& out, const UserProfile& profile, const Tally& tally,
                  const boost::filesystem::path& file) {
    const Learned& learned = profile.learned();
    if (tally.ratings + tally.comparisons + tally.refused > 0)
        out << "used: " << counted(tally.ratings, "rating") << ", "
            << counted(tally.comparisons, "comparison") << '\n';
    if (tally.refused > 0) out << "refused: " << tally.refused << ", each named above\n";
    if (tally.migrated > 0) out << "migrated: " << counted(tally.migrated, "opinion") << '\n';
    if (tally.replaced > 0) out << "replaced: " << counted(tally.replaced, "earlier rating") << '\n';
    if (tally.forgotten > 0) out << "forgotten: " << tally.forgotten << '\n';
    out << "learned from: " << counted(profile.events().size(), "opinion") << " of "
        << counted(profile.rows().size(), "photo") << ", by " << learned.method << " on model "
        << profile.base().name << '\n';
    const double gate = learned.gate();
    if (const auto& agreement = learned.agreement) {
        out << "agreement with held-out ratings: " << number(agreement->value) << " ["
            << number(agreement->low) << ", " << number(agreement->high) << "]\n"
            << "gain over the generic score: " << signed_number(agreement->gain) << " ["
            << signed_number(agreement->gain_low) << ", " << signed_number(agreement->gain_high) << "]\n";
    } else {
        out << "agreement: cannot be told from fewer than five ratings, or equal ones\n";
    }
    if (const auto stars = stars_in_words(profile); !stars.empty()) out << stars << '\n';
    out << fmt::format("ten more ratings would likely add: {:+.3f}\n", learned.gain_of_ten_more());
    if (gate <= 0)
        out << "gate: 0, nothing was learned that helps, so the generic score is returned\n";
    else if (gate < 0.5)
        out << "gate: " << number(gate)
            << ", the ratings hardly support it, so scores stay near the generic ones\n";
    else
        out << "gate: " << number(gate) << ", open; how much is known of a photo yet is its trust\n";
    out << "written: " << printable(file.string()) << '\n';
}

Json learned_record(const UserProfile& profile, const Tally& tally, const boost::filesystem::path& file) {
    const Learned& learned = profile.learned();
    Json record{{"ratings_used", tally.ratings},
                {"comparisons_used", tally.comparisons},
                {"refused", tally.refused},
                {"replaced", tally.replaced},
                {"forgotten", tally.forgotten},
                {"migrated", tally.migrated},
                {"opinions", profile.events().size()},
                {"photos", profile.rows().size()},
                {"method", learned.method},
                {"model", profile.base().name},
                {"gate", learned.gate()},
                {"ten_more", learned.gain_of_ten_more()},
                {"agreement", nullptr},
                {"star_thresholds", star_thresholds_record(profile)},
                {"output", percent_escaped(file.string())}};
    if (const auto& a = learned.agreement)
        record["agreement"] = {{"srocc", a->value},  {"srocc_low", a->low},     {"srocc_high", a->high},
                               {"gain", a->gain},    {"gain_low", a->gain_low}, {"gain_high", a->gain_high},
                               {"photos", a->photos}};
    return record;
}

}  // namespace piaa::cli
