#include "changes/xmp_scores.h"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <utility>

#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem/operations.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/parse_number.h>
#include <piaa/whole_file.h>

#include "console/counted.h"
#include "console/escape.h"
#include "metadata/embedded_xmp.h"
#include "metadata/photo_lock.h"
#include "metadata/xmp_ratings.h"
#include "metadata/xmp_sidecar.h"
#include "photos/file_bytes.h"
#include "photos/file_hash.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t largest_photo = std::size_t{1} << 30;
constexpr const char* rating_key = "Xmp.xmp.Rating";
constexpr const char* our_rating_key = "Xmp.piaa.Rating";
constexpr const char* before_key = "Xmp.piaa.RatingBefore";

std::string with_decimals(double value) {
    return fmt::format("{:.2f}", value);
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

/// Gives stars of ours. A 0 that gives way to them is kept beside: it may take back a rating inside the
/// photo.
void set_rating(XmpSidecar& xmp, const std::string& rating) {
    const auto before = xmp.text(rating_key);
    const auto number =
        before ? parse_number<double>(boost::algorithm::trim_copy(*before)) : std::optional<double>();
    if (number == 0) xmp.set(before_key, "0");
    xmp.set(rating_key, rating);
    xmp.set(our_rating_key, rating);
}

/// Takes back stars of ours that nobody changed: without their note they would be taken for a person's. Of
/// those that somebody changed the note stays, so that none come back.
void remove_rating(XmpSidecar& xmp) {
    const auto ours = xmp.text(our_rating_key), before = xmp.text(before_key);
    if (!ours) return;
    xmp.remove(before_key);
    if (xmp.text(rating_key) != ours) return xmp.set(our_rating_key, changed_by_hand);
    xmp.remove(our_rating_key);
    if (before)
        xmp.set(rating_key, *before);
    else
        xmp.remove(rating_key);
}

}  // namespace

XmpScores::XmpScores(const XmpScoreOptions& options, UndoLog& log, std::ostream& err)
    : options_(options), log_(log), err_(err) {}

/// Whether a person rated or marked the photo, here, in the photo itself or in its RAW file; true as well
/// when one of them cannot be read, because then nobody knows.
XmpScores::ByHand XmpScores::by_hand(const fs::path& photo) {
    const PhotoRating rating = read_rating(photo);
    if (rating.unread && !options_.overwrite_rating)
        err_ << "piaa-batch: " << printable(rating.unread->what())
             << "; it may hold a rating, so none is set\n";
    ByHand all;
    all.rated = rating.maybe_rated() && (!rating.stars || rating.stars != options_.ignored);
    all.unread = all.rated && !rating.stars;
    all.taken_back = !all.rated && !rating.stars && rating.taken_back;
    if (all.rated && rating.stars == 1 && rating.from_darktable) ++default_stars_;
    if (options_.marks.people_set_them()) all.marks = read_marks(photo);
    return all;
}

/// Two photos of one stem cannot both have beach.xmp; the second one gets a name of its own.
fs::path XmpScores::sidecar_for(const fs::path& photo) {
    const fs::path found = find_sidecar(photo).value_or(new_sidecar(photo));
    const auto owner = owners_.emplace(found.string(), photo.string()).first->second;
    return owner == photo.string() ? found : new_sidecar(photo);
}

/// Puts in what the record says.
XmpScores::Put XmpScores::change(XmpSidecar& xmp, const Json& record, const ByHand& by_hand) const {
    set_score(xmp, record);
    Put put;
    Verdict verdict = options_.marks.verdict(record);
    if (by_hand.rated || by_hand.taken_back || by_hand.marks.picked || by_hand.marks.unread)
        verdict.rejected = false;
    const bool judged = record.contains("stars") && !record["stars"].is_null();
    const bool free = !by_hand.rated && !by_hand.taken_back;
    // A rejection is a flag and a rating: who does not ask about flags leaves both.
    const bool stays_rejected = !options_.marks.flags() && is_rejected_by_us(xmp);
    if (judged && !stays_rejected && (free || options_.overwrite_rating)) {
        put.rating = verdict.rejected ? "-1" : record["stars"].dump();
        set_rating(xmp, put.rating);
    } else if (!stays_rejected) {
        remove_rating(xmp);
    }
    put.marks = set_marks(xmp, options_.marks, verdict, by_hand.marks);
    return put;
}

/// Counts, and tells in a dry run, what change() did.
void XmpScores::note(const XmpSidecar& xmp, const Json& record, const ByHand& by_hand, const Put& put) {
    if (by_hand.rated && put.rating.empty()) ++(by_hand.unread ? unread_ : kept_);
    if (by_hand.taken_back && put.rating.empty()) ++taken_back_;
    if (by_hand.marks.labelled || by_hand.marks.picked || by_hand.marks.unread) ++marks_kept_;
    if (!xmp.changed()) {
        ++same_;
        return;
    }
    if (!put.rating.empty()) ++rated_;
    if (!put.marks.empty()) ++marked_;
    if (!options_.dry_run) return;
    boost::system::error_code ignored;
    err_ << "piaa-batch: " << printable(xmp.file().string())
         << (fs::exists(xmp.file(), ignored) ? ": would be changed: score " : ": would be made: score ")
         << with_decimals(record["score"].get<double>())
         << (put.rating.empty() ? ", rating left as it is" : ", rating " + put.rating) << put.marks << '\n';
}

/// Returns false when the photo's own bytes are to be left alone.
bool XmpScores::take_inside(const fs::path& photo, const Json& record) {
    boost::system::error_code ignored;
    if (fs::hard_link_count(photo, ignored) > 1 && !ignored) {
        ++not_inside_["has several names (hard links), which a change would part"];
        return false;
    }
    const auto stamp = file_stamp(photo);
    const auto bytes = read_whole_file(photo, largest_photo);
    const std::string_view before(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    Splice splice;
    std::function<void()> count;
    try {
        const EmbeddedXmp inside(before);
        XmpSidecar xmp = XmpSidecar::inside(photo, inside.packet());
        const ByHand hand = by_hand(photo);
        const Put put = change(xmp, record, hand);
        if (xmp.changed()) splice = inside.replaced_by(xmp.packet());
        count = [&, xmp = std::make_shared<XmpSidecar>(std::move(xmp)), hand, put] {
            note(*xmp, record, hand, put);
        };
    } catch (const CannotEmbed& reason) {
        ++not_inside_[reason.what()];
        return false;
    }
    if (splice.inserted.empty() || options_.dry_run) {
        count();
        if (!splice.inserted.empty()) ++inside_;
        return true;
    }
    const std::string after = spliced(before, splice);
    const std::string hash = sha256_of(after);
    if (!stamp || file_stamp(photo) != stamp)
        throw Error(ErrorCode::io, photo.string() + ": changed while it was read, and is left as it is");
    log_.will_splice(photo, splice, sha256_of(before), hash);
    try {
        write_whole_file(photo, std::as_bytes(std::span(after)), Keep::all);
    } catch (const AttributesLost&) {
        ++not_inside_["has an owner or attributes that cannot be kept"];
        return false;
    }
    if (sha256_of_file(photo) != hash)
        throw Error(ErrorCode::io, photo.string() + ": reads back otherwise than it was written");
    count();
    ++inside_;
    return true;
}

void XmpScores::take(const Json& record) {
    const fs::path photo = record.at("path").get<std::string>();
    const PhotoLock lock(photo);
    if (options_.into_originals && take_inside(photo, record)) return;
    XmpSidecar sidecar(sidecar_for(photo));
    const ByHand hand = by_hand(photo);
    const Put put = change(sidecar, record, hand);
    if (!sidecar.changed()) return note(sidecar, record, hand, put);
    const std::string packet = sidecar.packet();
    if (!options_.dry_run) {
        log_.will_write(sidecar.file(), sidecar.before(), packet);
        sidecar.write();
    }
    note(sidecar, record, hand, put);
    ++written_;
    if (!sidecar.before()) ++new_;
}

void XmpScores::finish(std::ostream& err, bool quiet) {
    if (quiet) return;
    const char* written = options_.dry_run ? " would be written" : " written";
    for (const auto& [reason, count] : not_inside_)
        err << "piaa-batch: "
            << counted(count, "photo has a sidecar instead,", "photos have a sidecar instead, each")
            << " because it " << reason << '\n';
    err << "piaa-batch: ";
    if (options_.into_originals) err << "photos: " << inside_ << written << " into; ";
    err << "sidecars: " << written_ << written << " (" << new_ << " new), " << same_ << " as they should be; "
        << counted(rated_, "rating") << " set, " << kept_ << " given by hand"
        << (options_.overwrite_rating ? "" : " and kept");
    if (taken_back_ > 0) err << ", " << taken_back_ << " taken away by hand and left so";
    if (unread_ > 0) err << ", " << unread_ << " not set because what is there cannot be read";
    if (options_.marks.any())
        err << "; " << counted(marked_, "photo") << " marked, marks of " << marks_kept_
            << " given by hand and kept";
    err << '\n';
    if (default_stars_ * 2 >= std::max<std::size_t>(kept_, 1) && !options_.overwrite_rating)
        err << "piaa-batch: " << default_stars_
            << " of these ratings are the one star that darktable gives to every photo; with --ignore-rating "
               "1 "
               "they give way\n";
}

}  // namespace piaa::cli
