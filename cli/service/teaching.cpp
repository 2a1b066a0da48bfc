#include "service/teaching.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;
using Places = std::vector<std::size_t>;

constexpr std::size_t shown = 8;
constexpr std::size_t surprises_shown = 10;

QuestionKind kind_of(const std::string& mode) {
    if (mode == "pairs") return QuestionKind::pair;
    if (mode == "orders") return QuestionKind::order;
    if (mode == "stars") return QuestionKind::stars;
    throw Error(ErrorCode::bad_argument, "mode is '" + mode + "' and should be pairs, orders or stars");
}

double of_ten(double rating) {
    return std::round((1 + 9 * std::clamp(rating, 0.0, 1.0)) * 100) / 100;
}

/// Photos best first.
Json ranked(const std::vector<double>& ratings) {
    Places order(ratings.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return ratings[a] > ratings[b]; });
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(shown, order.size()); ++i)
        list.push_back({{"photo", order[i]}, {"score", of_ten(ratings[order[i]])}});
    return list;
}

/// Photos whose stars differ most from what is expected now.
Json surprises_of(const Lesson& lesson, const std::vector<double>& expected) {
    std::vector<std::pair<double, Json>> surprises;
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (const auto given = lesson.person().given(lesson.photos()[i].content_id))
            surprises.push_back(
                {std::abs(*given - expected[i]),
                 {{"photo", i},
                  {"given", 1 + 4 * *given},
                  {"expected", std::round((1 + 4 * std::clamp(expected[i], 0.0, 1.0)) * 10) / 10}}});
    std::stable_sort(surprises.begin(), surprises.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(surprises_shown, surprises.size()); ++i)
        list.push_back(std::move(surprises[i].second));
    return list;
}

}  // namespace

Json Teaching::state(const std::string& mode) const {
    const std::lock_guard lock(mutex_);
    const LessonProgress progress = lesson_.progress();
    Json json = {{"question", lesson_.question(kind_of(mode))},
                 {"answers", progress.answers},
                 {"can_undo", progress.answers > 0},
                 {"ratings", progress.ratings},
                 {"comparisons", progress.comparisons},
                 {"compared", progress.compared},
                 {"foreseen", progress.foreseen},
                 {"agreement", nullptr},
                 {"gain", nullptr}};
    if (const auto& agreement = progress.agreement) {
        json["agreement"] = {agreement->value, agreement->low, agreement->high};
        json["gain"] = {agreement->gain, agreement->gain_low, agreement->gain_high};
    }
    json["trust"] = std::round(progress.trust * 1000) / 1000;
    std::vector<double> everyone;
    for (const LessonPhoto& photo : photos()) everyone.push_back(photo.row[0]);
    const std::vector<double> you = lesson_.expected();
    json["everyone"] = ranked(everyone);
    json["you"] = ranked(you);
    json["surprises"] = surprises_of(lesson_, you);
    return json;
}

void Teaching::answer(const std::string& mode, const Places& photos, int stars) {
    const std::lock_guard lock(mutex_);
    lesson_.answer(kind_of(mode), photos, stars);
}

void Teaching::skip(const std::string& mode, const Places& photos) {
    const std::lock_guard lock(mutex_);
    kind_of(mode);  // another mode is refused
    lesson_.skip(photos);
}

void Teaching::undo() {
    const std::lock_guard lock(mutex_);
    lesson_.undo();
}

}  // namespace piaa::cli
