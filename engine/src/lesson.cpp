#include <algorithm>
#include <ctime>
#include <map>
#include <numeric>
#include <utility>

#include <piaa/adapt.h>
#include <piaa/error.h>
#include <piaa/lesson.h>
#include <piaa/query_selection.h>

namespace piaa {
namespace {

using Places = std::vector<std::size_t>;

constexpr std::size_t candidates = 150;  // of which a pair is chosen: choosing compares all with all
constexpr std::size_t pairs_ahead = 40;  // of them the best that was not asked yet is taken

Places ascending(std::span<const std::size_t> places) {
    Places sorted(places.begin(), places.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::bad_argument, sentence);
}

}  // namespace

void require_comparisons(const PersonalModel& person) {
    if (!person.is_personal() || person.profile()->learned().method == "auto") return;
    refuse(person.file().string() + ": was learned by " + person.profile()->learned().method +
           ", which learns from stars alone, and should be learned by auto: "
           "piaa-batch adapt --update FILE --method auto");
}

Lesson::Lesson(PersonalModel person, boost::filesystem::path file, Prior prior,
               std::vector<LessonPhoto> photos)
    : person_(std::move(person)),
      file_(std::move(file)),
      prior_(std::move(prior)),
      photos_(std::move(photos)),
      nobody_(
          {person_.model().info().name, person_.model().info().hash, person_.model().info().preprocessing}) {
    if (photos_.size() < 2)
        throw Error(ErrorCode::bad_data, "there are " + std::to_string(photos_.size()) +
                                             " photos to ask about and should be 2 or more");
}

const UserProfile& Lesson::known() const {
    return person_.is_personal() ? *person_.profile() : nobody_;
}

std::vector<std::vector<float>> Lesson::rows_of(std::span<const std::size_t> places) const {
    std::vector<std::vector<float>> rows;
    for (const std::size_t place : places) rows.push_back(photos_[place].row);
    return rows;
}

Places Lesson::next_pair() const {
    // Evenly over the album, and others each time it has been gone through.
    Places places;
    const std::size_t step = std::max<std::size_t>(1, photos_.size() / candidates);
    for (std::size_t i = answers_.size() % step; i < photos_.size() && places.size() < candidates; i += step)
        places.push_back(i);
    for (const auto& [a, b] : choose_pairs(prior_, rows_of(places), pairs_ahead, &known())) {
        Places pair{places[a], places[b]};
        if (!asked_.contains(ascending(pair))) {
            // No side is the better one's.
            if ((answers_.size() * 2654435761U >> 7) % 2 == 1) std::swap(pair[0], pair[1]);
            return pair;
        }
    }
    return {};
}

Places Lesson::next_order() const {
    if (photos_.size() < order_length) return {};
    Places all(photos_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::size_t ahead = std::min(photos_.size(), order_length * 4);
    const auto queries =
        select_queries(prior_, rows_of(all), {.count = ahead, .likely_good = 0, .known = &known()});
    for (std::size_t from = 0; from + order_length <= queries.size(); ++from) {
        Places order;
        for (std::size_t i = from; i < from + order_length; ++i) order.push_back(queries[i].photo);
        if (!asked_.contains(ascending(order))) return order;
    }
    return {};
}

Places Lesson::next_photo() const {
    Places open;
    for (std::size_t i = 0; i < photos_.size(); ++i)
        if (!asked_.contains({i}) && !person_.given(photos_[i].content_id)) open.push_back(i);
    if (open.empty()) return {};
    // Three in ten are likely good ones, or people give up.
    const auto queries = select_queries(prior_, rows_of(open),
                                        {.count = std::min<std::size_t>(10, open.size()), .known = &known()});
    const bool treat = answers_.size() % 3 == 2;
    const auto wanted = std::find_if(queries.begin(), queries.end(),
                                     [&](const Query& query) { return query.likely_good == treat; });
    return {open[(wanted == queries.end() ? queries.front() : *wanted).photo]};
}

Places Lesson::question(QuestionKind kind) const {
    switch (kind) {
        case QuestionKind::pair:
            return next_pair();
        case QuestionKind::order:
            return next_order();
        case QuestionKind::stars:
            break;
    }
    return next_photo();
}

void Lesson::check(QuestionKind kind, std::span<const std::size_t> photos, int stars) const {
    const std::size_t wanted = kind == QuestionKind::pair    ? 2
                               : kind == QuestionKind::order ? order_length
                                                             : 1;
    const Places sorted = ascending(photos);
    if (photos.size() != wanted || sorted.back() >= photos_.size() ||
        std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        refuse("an answer should name " + std::to_string(wanted) + " different photos");
    if (kind == QuestionKind::stars && (stars < 1 || stars > 5))
        refuse("stars are " + std::to_string(stars) + " and should be 1 to 5");
}

void Lesson::answer(QuestionKind kind, std::span<const std::size_t> photos, int stars) {
    check(kind, photos, stars);
    // A second window may still show it, and two answers would contradict each other.
    const auto same = [asked = ascending(photos)](const Answer& answer) {
        return ascending(answer.photos) == asked;
    };
    if (std::any_of(answers_.begin(), answers_.end(), same))
        refuse("this has been answered already; undo takes the last answer back");
    std::map<std::string, std::vector<float>> rows;
    std::vector<std::string> ids;
    for (const std::size_t place : photos) {
        ids.push_back(photos_[place].content_id);
        rows[ids.back()] = photos_[place].row;
    }
    const std::int64_t now = std::time(nullptr);
    UserProfile said = nobody_;
    for (const auto& [id, row] : rows) said.set_row(id, row);
    if (kind == QuestionKind::stars)
        said.add({FeedbackKind::rating, ids[0], "", (stars - 1) / 4.0, now});
    else
        said.add_order(ids, now);
    Answer answer{{photos.begin(), photos.end()}, {}};
    const std::vector<double> ratings = expected();
    for (std::size_t i = 0; i < photos.size(); ++i)
        for (std::size_t j = i + 1; j < photos.size(); ++j) {
            ++answer.compared;
            answer.foreseen += ratings[photos[i]] > ratings[photos[j]];
        }
    person_ = person_.updated(
        file_, now, [&](PersonalModel& person) { answer.events = person.add(said.events(), rows); });
    asked_.insert(ascending(photos));
    answers_.push_back(std::move(answer));
}

void Lesson::skip(std::span<const std::size_t> photos) {
    asked_.insert(ascending(photos));
}

bool Lesson::undo() {
    if (answers_.empty()) return false;
    person_ = person_.updated(file_, std::time(nullptr),
                              [&](PersonalModel& person) { person.remove(answers_.back().events); });
    asked_.erase(ascending(answers_.back().photos));
    answers_.pop_back();
    return true;
}

std::vector<double> Lesson::expected() const {
    std::vector<double> ratings;
    for (const LessonPhoto& photo : photos_)
        ratings.push_back(person_.is_personal() ? predict(*person_.prior(), known(), photo.row).rating
                                                : photo.row[0]);
    return ratings;
}

LessonProgress Lesson::progress() const {
    LessonProgress progress;
    progress.answers = answers_.size();
    for (const Answer& answer : answers_) {
        progress.compared += answer.compared;
        progress.foreseen += answer.foreseen;
    }
    for (const Feedback& event : known().events())
        ++(event.kind == FeedbackKind::rating ? progress.ratings : progress.comparisons);
    progress.agreement = known().learned().agreement;
    if (person_.is_personal())
        for (const LessonPhoto& photo : photos_)
            progress.trust += predict(*person_.prior(), known(), photo.row).trust / photos_.size();
    return progress;
}

}  // namespace piaa
