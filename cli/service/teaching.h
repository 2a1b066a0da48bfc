#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <piaa/lesson.h>

namespace piaa::cli {

/// A lesson in words, for a page. Safe to call from several threads.
class Teaching {
public:
    explicit Teaching(Lesson lesson) : lesson_(std::move(lesson)) {}

    /// What the page shows: question (places of photos; empty when all has been asked), modes, answers,
    /// ratings, comparisons, agreement and gain (null until they can be told), trust (mean over the photos),
    /// can_undo, everyone and you (photos with scores of 10, best first), surprises (photos whose stars
    /// differ most from what is expected now). mode: "pairs", "orders" or "stars". Throws Error(bad_argument)
    /// for another.
    nlohmann::ordered_json state(const std::string& mode) const;
    /// As Lesson::answer(). Throws Error(bad_argument) for another mode too.
    void answer(const std::string& mode, const std::vector<std::size_t>& photos, int stars);
    void skip(const std::string& mode, const std::vector<std::size_t>& photos);
    void undo();

    const std::vector<LessonPhoto>& photos() const { return lesson_.photos(); }

private:
    mutable std::mutex mutex_;
    Lesson lesson_;
};

}  // namespace piaa::cli
