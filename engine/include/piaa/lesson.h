#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/personal_model.h>

namespace piaa {

/// A photo, or a part of one, that somebody can be asked about.
struct LessonPhoto {
    std::string name;  ///< for people
    std::string content_id;
    std::vector<float> row;  ///< feature_row()
};

enum class QuestionKind {
    pair,   ///< which of two
    order,  ///< five, the best liked first
    stars,  ///< 1 to 5 for one
};

/// What the answers have come to by now.
struct LessonProgress {
    std::size_t answers = 0;      ///< given in this lesson
    std::size_t ratings = 0;      ///< in the profile
    std::size_t comparisons = 0;  ///< in the profile; an order of five is ten
    std::size_t compared = 0;     ///< comparisons of this lesson, and
    std::size_t foreseen = 0;     ///< how many of them turned out as was expected when they were asked
    std::optional<Agreement> agreement;
    double trust = 0;  ///< mean over the lesson's photos
};

/// Comparisons are learned by "auto" alone. Throws Error(bad_argument), naming the file, for a profile that
/// was learned in another way.
PIAA_API void require_comparisons(const PersonalModel& person);

/// Teaching one person's taste by answers (USAR: Lv et al., "USAR: an interactive user-specific aesthetic
/// ranking framework for images", 2018). Every answer is learned and in the profile's file before answer()
/// returns, and the next question is the one whose answer tells most. Photos are named by their places.
class PIAA_API Lesson {
public:
    static constexpr std::size_t order_length = 5;

    /// person: who goes on learning, or nobody: the file is made with the first answer then. prior: what the
    /// photos' rows are of. Throws Error(bad_data) for fewer than two photos.
    Lesson(PersonalModel person, boost::filesystem::path file, Prior prior, std::vector<LessonPhoto> photos);

    /// What to ask next; empty when all has been asked, or there are too few photos for an order.
    std::vector<std::size_t> question(QuestionKind kind) const;
    /// photos: the preferred and the other, an order with the best first, or one photo, with its stars.
    /// Throws Error(bad_argument) for what is no answer or was answered in this lesson already, and as
    /// PersonalModel::updated().
    void answer(QuestionKind kind, std::span<const std::size_t> photos, int stars = 0);
    /// Asks about something else.
    void skip(std::span<const std::size_t> photos);
    /// Takes the last answer given here back, in the file too. Returns whether there was one.
    bool undo();

    LessonProgress progress() const;
    /// What is expected of the person's rating of each photo, from 0 (lowest) to 1.
    std::vector<double> expected() const;
    const PersonalModel& person() const { return person_; }
    const std::vector<LessonPhoto>& photos() const { return photos_; }

private:
    struct Answer {
        std::vector<std::size_t> photos;
        std::vector<Feedback> events;
        std::size_t compared = 0;
        std::size_t foreseen = 0;
    };

    std::vector<std::size_t> next_pair() const;
    std::vector<std::size_t> next_order() const;
    std::vector<std::size_t> next_photo() const;
    std::vector<std::vector<float>> rows_of(std::span<const std::size_t> places) const;
    void check(QuestionKind kind, std::span<const std::size_t> photos, int stars) const;
    const UserProfile& known() const;

    PersonalModel person_;
    boost::filesystem::path file_;
    Prior prior_;
    std::vector<LessonPhoto> photos_;
    UserProfile nobody_;
    std::vector<Answer> answers_;
    std::set<std::vector<std::size_t>> asked_;  ///< places, ascending
};

}  // namespace piaa
