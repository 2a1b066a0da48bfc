#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/model.h>
#include <piaa/questionnaire.h>

namespace piaa {

/// What a person did to tell us of their taste.
enum class FeedbackKind {
    rating,      ///< gave a photo a place on their scale
    comparison,  ///< preferred one photo to another
};

/// One thing a person did, kept so that taste can be learned again without the photos.
struct Feedback {
    FeedbackKind kind = FeedbackKind::rating;
    std::string photo;  ///< content id of the rated or the preferred photo
    std::string other;  ///< content id of the photo that lost; empty for a rating
    /// Rating: 0 lowest to 1 highest of the person's scale. Comparison: its weight, above 0 and at most 1.
    double value = 0;
    std::int64_t time = 0;  ///< seconds since 1970, UTC

    bool operator==(const Feedback&) const = default;
};

/// How well predictions agreed with ratings that were held out of learning (SROCC, -1 to 1), and how much
/// better than the generic score's that is, each with its 95 % interval.
struct Agreement {
    double value = 0;
    double low = 0;
    double high = 0;
    double gain = 0;
    double gain_low = 0;
    double gain_high = 0;
    std::int64_t photos = 0;  ///< how many photos were held out

    bool operator==(const Agreement&) const = default;
};

/// Learned numbers with a shape, row by row.
struct LearnedTensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;

    bool operator==(const LearnedTensor&) const = default;
};

/// What a method made of the events: whatever numbers it needs, by name ("mean", "covariance", "gate"...).
struct PIAA_API Learned {
    std::string method;  ///< "auto", "ridge"...; empty when nothing has been learned yet
    std::string prior;   ///< hash of the population prior it started from; empty for none
    std::optional<Agreement> agreement;
    std::map<std::string, LearnedTensor> tensors;
    std::map<std::string, double> numbers;
    std::map<std::string, std::string> strings;

    // What every method of adapt() learns; each throws Error(bad_profile) when it is missing or of another
    // size.
    double gate() const { return number("gate"); }    ///< 0: the generic score, 1: what was learned alone
    double noise() const { return number("noise"); }  ///< variance of a rating around what was learned
    /// On a design row of so many numbers, see Prior.
    std::span<const float> weights(std::size_t size) const;
    /// Of these weights, size x size; empty for a method that does not tell.
    std::span<const float> covariance(std::size_t size) const;
    /// How much ten more ratings would likely add to the agreement.
    double gain_of_ten_more() const { return number("ten_more"); }

    /// The named tensor, which must have this shape; -1 stands for any length.
    /// Throws Error(bad_profile) when it is missing or of another shape.
    const LearnedTensor& tensor(const std::string& name, std::span<const std::int64_t> shape) const;
    /// The named number. Throws Error(bad_profile) when it is missing.
    double number(const std::string& name) const;

    bool operator==(const Learned&) const = default;
};

/// One person's eye: what they did, and what was learned from it. Kept in a file, usually me.pt.
///
/// Promise: every event names photos whose feature row is here, all rows have one length of at most
/// 64, every number is finite and every value in its range.
class PIAA_API UserProfile {
public:
    static constexpr int schema = 1;
    static constexpr std::size_t longest_row = 64;

    /// base: what it is learned on.
    explicit UserProfile(ModelIdentity base) : base_(std::move(base)) {}

    const ModelIdentity& base() const noexcept { return base_; }
    const std::vector<Feedback>& events() const noexcept {
        return events_;
    }  ///< in the order they were added
    /// The projected features of each photo, by content id.
    const std::map<std::string, std::vector<float>>& rows() const noexcept { return rows_; }
    const Learned& learned() const noexcept { return learned_; }

    /// Keeps the features of a photo that events will name; replaces an earlier row of the same photo.
    /// Throws Error(bad_argument) for an empty id, another length than the rows before, or a number that
    /// is not finite.
    void set_row(const std::string& content_id, std::vector<float> row);
    /// Throws Error(bad_argument) when a photo has no row yet, a photo is compared with itself, or the
    /// value is out of range.
    void add(Feedback event);
    /// Adds an order of different photos, the best liked first, as the comparisons that it implies. They are
    /// not independent: an order of n photos tells no more than n - 1 answers do, so each of its n (n - 1) /
    /// 2 comparisons weighs 2 / n. Throws as add(), before anything is added.
    void add_order(std::span<const std::string> content_ids, std::int64_t time);
    /// Takes back the latest event that equals this one, and rows that no event names any more. Returns
    /// whether there was one.
    bool remove(const Feedback& event);
    /// Takes back all that was said of a photo, and its row. Returns how many events that were. What was
    /// learned stays until it is learned again.
    std::size_t forget(const std::string& content_id);
    /// Takes back the ratings of a photo, and its row where no comparison names it. Returns how many ratings.
    std::size_t forget_ratings(const std::string& content_id);
    /// The id under which the photo, or else another version of it (same_photo(); the one that differs
    /// least), has a row here.
    std::optional<std::string> find(const std::string& content_id) const;
    /// The same, or else the id of a photo with this row that is no content id, as in an anonymous profile.
    std::optional<std::string> find(const std::string& content_id, const std::vector<float>& row) const;
    /// Throws Error(bad_argument) for a number that is not finite or a tensor whose shape and values differ.
    void set_learned(Learned learned);
    /// What the person's answers to the questionnaire come to; nullopt takes them out again. Throws
    /// Error(bad_argument) for a number outside -1 to 1.
    void set_traits(const std::optional<Traits>& traits);
    const std::optional<Traits>& traits() const noexcept { return traits_; }

    std::int64_t created = 0;  ///< seconds since 1970, UTC
    std::int64_t updated = 0;

    bool operator==(const UserProfile&) const = default;

private:
    ModelIdentity base_;
    std::vector<Feedback> events_;
    std::map<std::string, std::vector<float>> rows_;
    Learned learned_;
    std::optional<Traits> traits_;
};

/// Reads a profile: a PyTorch zip archive of one plain dict, ours or one that Python's torch.save wrote.
/// Every length is checked before use and nothing in the file is ever run. Throws Error(bad_profile) for
/// anything that is not a whole profile of this schema, Error(io) when the file cannot be read.
PIAA_API UserProfile load_profile(const boost::filesystem::path& file);

/// The same from memory; `name` is used in messages.
PIAA_API UserProfile parse_profile(std::span<const std::byte> bytes, const std::string& name);

/// Writes beside and renames, so that an earlier file is replaced whole or left as it was; its permissions
/// are kept. Python reads the file with torch.load(file, weights_only=True). Throws Error(io).
PIAA_API void save_profile(const boost::filesystem::path& file, const UserProfile& profile);

/// The bytes that save_profile() writes; equal profiles give equal bytes.
PIAA_API std::vector<std::byte> profile_bytes(const UserProfile& profile);

/// SHA-256 of profile_bytes(): tells which state of a profile a score comes from.
PIAA_API std::string profile_hash(const UserProfile& profile);

}  // namespace piaa
