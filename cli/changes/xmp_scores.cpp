#include "changes/xmp_scores.h"

#include <algorithm>
#include <array>
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
#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t largest_photo = std::size_t{1} << 30;
constexpr const char* rating_key = "Xmp.xmp.Rating";
constexpr const char* our_rating_key = "Xmp.piaa.Rating";
constexpr const char* before_key = "Xmp.piaa.RatingBefore";
constexpr const char* score_key = "Xmp.piaa.Score";
constexpr const char* stars_key = "Xmp.piaa.Stars";

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
        {{"score", score_key},
         {"generic", "Xmp.piaa.Generic"},
         {"trust", "Xmp.piaa.Trust"},
         {"spread", "Xmp.piaa.Spread"},
         {"stars", stars_key},
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

/// Nothing for a picture that is not judged as a photo.
std::optional<std::string> stars_of(const Json& record) {
    if (!record.contains("stars") || record["stars"].is_null()) return std::nullopt;
    return record["stars"].dump();
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

/// stamp: of the photo when the bytes before were read.
void splice_in(const fs::path& photo, const std::optional<FileStamp>& stamp, std::string_view before,
               const Splice& splice, UndoLog& log) {
    const std::string after = spliced(before, splice);
    const std::string hash = sha256_of(after);
    if (!stamp || file_stamp(photo) != stamp)
        throw Error(ErrorCode::io, photo.string() + ": changed while it was read, and is left as it is");
    log.will_splice(photo, splice, sha256_of(before), hash);
    write_whole_file(photo, std::as_bytes(std::span(after)), Keep::all);
    if (sha256_of_file(photo) != hash)
        throw Error(ErrorCode::io, photo.string() + ": reads back otherwise than it was written");
}

}  // namespace

XmpScores::XmpScores(const XmpScoreOptions& options, UndoLog& log, std::ostream& err)
    : options_(options), log_(log), err_(err) {}

/// Whether a person rated or marked the photo, here, in the photo itself or in its RAW file; true as well
/// when one of them cannot be read, because then nobody knows. all: what is to be changed.
XmpScores::Found XmpScores::find(const fs::path& photo, const std::vector<XmpSidecar>& all) {
    const PhotoRating rating = read_rating(photo);
    if (rating.unread && !options_.overwrite_rating)
        err_ << "piaa-batch: " << printable(rating.unread->what())
             << "; it may hold a rating, so none is set\n";
    Found found;
    found.rated = rating.maybe_rated() && (!rating.stars || rating.stars != options_.ignored);
    found.unread = found.rated && !rating.stars;
    found.taken_back = !rating.maybe_rated() && rating.taken_back;
    if (found.rated && rating.stars == 1 && rating.from_darktable) ++default_stars_;
    if (options_.marks.people_set_them()) found.marks = read_marks(photo);
    for (const auto& xmp : all) {
        if (is_rejected_by_us(xmp)) found.rejected = true;
        if (found.scored || !xmp.text(score_key)) continue;
        found.scored = true;
        found.stars = xmp.text(stars_key);
    }
    return found;
}

/// Two photos of one stem cannot both have beach.xmp; the second one gets a name of its own.
std::vector<fs::path> XmpScores::sidecars_for(const fs::path& photo) {
    std::vector<fs::path> files;
    const auto add = [&](const fs::path& file) {
        // A folder to which all spellings are one shows a file under each.
        const auto is_same = [&](const fs::path& other) {
            boost::system::error_code ignored;
            return fs::equivalent(file, other, ignored);
        };
        const auto owner = owners_.emplace(file.string(), photo.string()).first->second;
        if (owner == photo.string() && std::none_of(files.begin(), files.end(), is_same))
            files.push_back(file);
    };
    for (const auto& file : xmp_sidecars(photo)) add(file);
    if (files.empty()) files = {new_sidecar(photo)};
    return files;
}

/// Puts in what the record says.
XmpScores::Put XmpScores::change(XmpSidecar& xmp, const Json& record, const Found& found) const {
    const bool keeps = options_.keep_scores && found.scored;
    if (!keeps) set_score(xmp, record);
    const auto stars = keeps ? found.stars : stars_of(record);
    Put put;
    Verdict verdict = options_.marks.verdict(record);
    const bool free = !found.rated && !found.taken_back;
    const bool gets_stars = free || options_.overwrite_rating;
    if (!gets_stars || found.marks.picked || found.marks.unread) verdict.rejected = false;
    // A rejection is a flag and a rating: who does not ask about flags leaves both.
    const bool stays_rejected = found.rejected && free && !options_.marks.flags();
    if (stars && !stays_rejected && gets_stars) {
        put.rating = verdict.rejected ? "-1" : *stars;
        set_rating(xmp, put.rating);
    } else if (!stays_rejected) {
        remove_rating(xmp);
    }
    put.marks = set_marks(xmp, options_.marks, verdict, found.marks);
    return put;
}

/// Counts what change() did to a photo.
void XmpScores::count(const Found& found, const Put& put, bool changed) {
    if (found.rated && put.rating.empty()) ++(found.unread ? unread_ : kept_);
    if (found.taken_back && put.rating.empty()) ++taken_back_;
    if (found.marks.labelled || found.marks.picked || found.marks.unread) ++marks_kept_;
    if (changed && !put.rating.empty()) ++rated_;
    if (changed && !put.marks.empty()) ++marked_;
}

/// In a dry run.
void XmpScores::tell(const XmpSidecar& xmp, const Json& record, const Put& put) {
    boost::system::error_code ignored;
    err_ << "piaa-batch: " << printable(xmp.file().string())
         << (fs::exists(xmp.file(), ignored) ? ": would be changed: score " : ": would be made: score ")
         << xmp.text(score_key).value_or(with_decimals(record["score"].get<double>()))
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
    try {
        const EmbeddedXmp inside(before);
        std::vector<XmpSidecar> all;
        all.push_back(XmpSidecar::inside(photo, inside.packet()));
        XmpSidecar& xmp = all.front();
        const Found found = find(photo, all);
        const Put put = change(xmp, record, found);
        if (xmp.changed()) {
            const Splice splice = inside.replaced_by(xmp.packet());
            if (options_.dry_run)
                tell(xmp, record, put);
            else
                splice_in(photo, stamp, before, splice, log_);
        }
        ++(xmp.changed() ? inside_ : same_);
        count(found, put, xmp.changed());
    } catch (const CannotEmbed& reason) {
        ++not_inside_[reason.what()];
        return false;
    } catch (const AttributesLost&) {
        ++not_inside_["has an owner or attributes that cannot be kept"];
        return false;
    }
    return true;
}

/// What cannot be changed in one sidecar is found out before another is written.
void XmpScores::take_beside(const fs::path& photo, const Json& record) {
    std::vector<XmpSidecar> sidecars;
    for (const auto& file : sidecars_for(photo)) sidecars.emplace_back(file);
    const Found found = find(photo, sidecars);
    Put put;
    std::vector<std::pair<const XmpSidecar*, std::string>> changed;
    for (auto& sidecar : sidecars) {
        put = change(sidecar, record, found);
        if (sidecar.changed())
            changed.emplace_back(&sidecar, sidecar.packet());
        else
            ++same_;
    }
    const UndoLog::Together together(log_);
    for (const auto& [sidecar, packet] : changed) {
        if (options_.dry_run) {
            tell(*sidecar, record, put);
        } else {
            log_.will_write(sidecar->file(), sidecar->before(), packet);
            sidecar->write();
        }
        ++written_;
        if (!sidecar->before()) ++new_;
    }
    count(found, put, !changed.empty());
}

void XmpScores::take(const Json& record) {
    const fs::path photo = record.at("path").get<std::string>();
    const PhotoLock lock(photo);
    if (!options_.into_originals || !take_inside(photo, record)) take_beside(photo, record);
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
