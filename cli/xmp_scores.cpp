#include "xmp_scores.h"

#include <array>
#include <cstdio>
#include <ostream>
#include <utility>

#include <nlohmann/json.hpp>

#include "escape.h"
#include "xmp_ratings.h"
#include "xmp_sidecar.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* rating_key = "Xmp.xmp.Rating";
constexpr const char* our_rating_key = "Xmp.piaa.Rating";

std::string with_decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string text_of(const Json& value) {
    if (value.is_number_float()) return with_decimals(value.get<double>());
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// All that we say, and nothing of what an earlier run said and this one does not.
void set_score(XmpSidecar& sidecar, const Json& record) {
    constexpr std::array<std::pair<const char*, const char*>, 9> fields = {
        {{"score", "Xmp.piaa.Score"},
         {"generic", "Xmp.piaa.Generic"},
         {"trust", "Xmp.piaa.Trust"},
         {"spread", "Xmp.piaa.Spread"},
         {"stars", "Xmp.piaa.Stars"},
         {"model", "Xmp.piaa.Model"},
         {"model_hash", "Xmp.piaa.ModelHash"},
         {"profile_hash", "Xmp.piaa.ProfileHash"},
         {"version", "Xmp.piaa.Version"}}};
    for (const auto& [name, key] : fields) {
        if (record.contains(name) && !record[name].is_null())
            sidecar.set(key, text_of(record[name]));
        else
            sidecar.remove(key);
    }
    const auto flags = record.value("flags", std::vector<std::string>());
    if (flags.empty())
        sidecar.remove("Xmp.piaa.Flags");
    else
        sidecar.set_bag("Xmp.piaa.Flags", flags);
}

/// Whether a person rated the photo, here or in the photo itself.
bool rated_by_hand(const XmpSidecar& sidecar, const fs::path& photo) {
    if (const auto rating = sidecar.text(rating_key)) return rating != sidecar.text(our_rating_key);
    return sidecar.text("Xmp.MicrosoftPhoto.Rating") || sidecar.text("Xmp.acdsee.rating") ||
           holds_rating(photo);
}

}  // namespace

XmpScores::XmpScores(const XmpScoreOptions& options, UndoLog& log, std::ostream& err)
    : options_(options), log_(log), err_(err) {}

/// Two photos of one stem cannot both have beach.xmp; the second one gets a name of its own.
fs::path XmpScores::sidecar_for(const fs::path& photo) {
    const fs::path found = find_sidecar(photo).value_or(new_sidecar(photo));
    const auto owner = owners_.emplace(found.string(), photo.string()).first->second;
    return owner == photo.string() ? found : new_sidecar(photo);
}

void XmpScores::take(const Json& record) {
    const fs::path photo = record.at("path").get<std::string>();
    XmpSidecar sidecar(sidecar_for(photo));
    set_score(sidecar, record);

    const bool has_stars = record.contains("stars") && !record["stars"].is_null();
    const bool by_hand = rated_by_hand(sidecar, photo);
    std::string rating;
    if (has_stars && (!by_hand || options_.overwrite_rating)) {
        rating = record["stars"].dump();
        sidecar.set(rating_key, rating);
        sidecar.set(our_rating_key, rating);
    } else if (by_hand) {
        ++kept_;
        sidecar.remove(our_rating_key);
    }
    if (!sidecar.changed()) {
        ++same_;
        return;
    }
    const std::string packet = sidecar.packet();
    if (options_.dry_run) {
        err_ << "piaa-batch: " << printable(sidecar.file().string())
             << (sidecar.before() ? ": would be changed: score " : ": would be made: score ")
             << with_decimals(record["score"].get<double>())
             << (rating.empty() ? ", rating left as it is" : ", rating " + rating) << '\n';
    } else {
        log_.will_write(sidecar.file(), sidecar.before(), packet);
        sidecar.write();
    }
    ++written_;
    if (!sidecar.before()) ++new_;
    if (!rating.empty()) ++rated_;
}

void XmpScores::finish(std::ostream& err, bool quiet) {
    if (quiet) return;
    err << "piaa-batch: sidecars: " << written_ << (options_.dry_run ? " would be written (" : " written (")
        << new_ << " new), " << same_ << " as they should be; " << rated_ << " ratings set, " << kept_
        << " given by hand" << (options_.overwrite_rating ? "" : " and kept") << '\n';
}

}  // namespace piaa::cli
