#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json_fwd.hpp>

#include <piaa/personal_model.h>

namespace piaa::cli {

/// A photo that can be asked about.
struct TeachingPhoto {
    std::string name;  ///< for people
    std::string content_id;
    std::vector<float> row;  ///< feature_row()
};

/// Teaching one person's taste by answers (USAR: Lv et al., "USAR: an interactive user-specific aesthetic
/// ranking framework for images", 2018): which of two, an order of five, or stars. Every answer is learned
/// and in the profile's file before answer() returns, and the next question is the one whose answer tells
/// most. Safe to call from several threads.
class Teaching {
public:
    /// person: who goes on learning, or nobody: the file is made with the first answer then. prior: what the
    /// photos' rows are of. Throws Error(bad_data) for fewer than two photos.
    Teaching(PersonalModel person, boost::filesystem::path file, Prior prior,
             std::vector<TeachingPhoto> photos);

    /// What the page shows: question (places of photos; empty when all has been asked), modes, answers,
    /// ratings, comparisons, agreement and gain (null until they can be told), trust (mean over the photos),
    /// can_undo, everyone and you (photos with scores of 10, best first), surprises (photos whose stars
    /// differ most from what is expected now). mode: "pairs", "orders" or "stars". Throws Error(bad_argument)
    /// for another.
    nlohmann::ordered_json state(const std::string& mode) const;
    /// photos: the preferred and the other, an order with the best first, or one photo, with its stars.
    /// Throws Error(bad_argument) for what is no answer, and as PersonalModel::updated().
    void answer(const std::string& mode, const std::vector<std::size_t>& photos, int stars);
    /// Asks about something else.
    void skip(const std::string& mode, const std::vector<std::size_t>& photos);
    /// Takes the last answer given here back, in the file too; nothing when there is none.
    void undo();

    const std::vector<TeachingPhoto>& photos() const { return photos_; }

private:
    struct Answer {
        std::string mode;
        std::vector<std::size_t> photos;
        std::vector<Feedback> events;
    };

    std::vector<std::size_t> question(const std::string& mode) const;
    std::vector<std::size_t> next_pair(const UserProfile& known) const;
    std::vector<std::size_t> next_order(const UserProfile& known) const;
    std::vector<std::size_t> next_photo(const UserProfile& known) const;
    std::vector<std::vector<float>> rows_of(const std::vector<std::size_t>& places) const;
    const UserProfile& known() const;
    void update(const std::function<void(PersonalModel&)>& change);

    mutable std::mutex mutex_;
    PersonalModel person_;
    boost::filesystem::path file_;
    Prior prior_;
    std::vector<TeachingPhoto> photos_;
    UserProfile nobody_;
    std::vector<Answer> answers_;
    std::set<std::vector<std::size_t>> asked_;  ///< places, ascending
};

}  // namespace piaa::cli
