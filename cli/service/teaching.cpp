#include "service/teaching.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <numeric>

#include <nlohmann/json.hpp>

#include <piaa/adapt.h>
#include <piaa/error.h>
#include <piaa/query_selection.h>

#include "console/escape.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;
using Places = std::vector<std::size_t>;

constexpr std::size_t order_length = 5;
constexpr std::size_t candidates = 150;  // of which a pair is chosen: choosing compares all with all
constexpr std::size_t pairs_ahead = 40;  // of them the best that was not asked yet is taken
constexpr std::size_t shown = 8;
constexpr std::size_t surprises_shown = 10;

Places ascending(Places places) {
    std::sort(places.begin(), places.end());
    return places;
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

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::bad_argument, sentence);
}

}  // namespace

Teaching::Teaching(PersonalModel person, boost::filesystem::path file, Prior prior,
                   std::vector<TeachingPhoto> photos)
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

const UserProfile& Teaching::known() const {
    return person_.is_personal() ? *person_.profile() : nobody_;
}

std::vector<std::vector<float>> Teaching::rows_of(const Places& places) const {
    std::vector<std::vector<float>> rows;
    for (const std::size_t place : places) rows.push_back(photos_[place].row);
    return rows;
}

Places Teaching::next_pair(const UserProfile& known) const {
    // Evenly over the album, and others each time it has been gone through.
    Places places;
    const std::size_t step = std::max<std::size_t>(1, photos_.size() / candidates);
    for (std::size_t i = answers_.size() % step; i < photos_.size() && places.size() < candidates; i += step)
        places.push_back(i);
    for (const auto& [a, b] : choose_pairs(prior_, rows_of(places), pairs_ahead, &known)) {
        Places pair{places[a], places[b]};
        if (!asked_.contains(ascending(pair))) {
            // No side is the better one's.
            if ((answers_.size() * 2654435761U >> 7) % 2 == 1) std::swap(pair[0], pair[1]);
            return pair;
        }
    }
    return {};
}

Places Teaching::next_order(const UserProfile& known) const {
    if (photos_.size() < order_length) return {};
    Places all(photos_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::size_t ahead = std::min(photos_.size(), order_length * 4);
    const auto queries =
        select_queries(prior_, rows_of(all), {.count = ahead, .likely_good = 0, .known = &known});
    for (std::size_t from = 0; from + order_length <= queries.size(); ++from) {
        Places order;
        for (std::size_t i = from; i < from + order_length; ++i) order.push_back(queries[i].photo);
        if (!asked_.contains(ascending(order))) return order;
    }
    return {};
}

Places Teaching::next_photo(const UserProfile& known) const {
    Places open;
    for (std::size_t i = 0; i < photos_.size(); ++i)
        if (!asked_.contains({i}) && !person_.given(photos_[i].content_id)) open.push_back(i);
    if (open.empty()) return {};
    // Three in ten are likely good ones, or people give up.
    const auto queries = select_queries(prior_, rows_of(open),
                                        {.count = std::min<std::size_t>(10, open.size()), .known = &known});
    const bool treat = answers_.size() % 3 == 2;
    const auto wanted = std::find_if(queries.begin(), queries.end(),
                                     [&](const Query& query) { return query.likely_good == treat; });
    return {open[(wanted == queries.end() ? queries.front() : *wanted).photo]};
}

Places Teaching::question(const std::string& mode) const {
    if (mode == "pairs") return next_pair(known());
    if (mode == "orders") return next_order(known());
    if (mode == "stars") return next_photo(known());
    refuse("mode is '" + mode + "' and should be pairs, orders or stars");
}

Json Teaching::state(const std::string& mode) const {
    const std::lock_guard lock(mutex_);
    Json json = {{"question", question(mode)}, {"answers", answers_.size()}, {"can_undo", !answers_.empty()}};
    const UserProfile& profile = known();
    const auto ratings = std::count_if(profile.events().begin(), profile.events().end(),
                                       [](const auto& event) { return event.kind == FeedbackKind::rating; });
    json["ratings"] = ratings;
    json["comparisons"] = static_cast<std::ptrdiff_t>(profile.events().size()) - ratings;
    json["agreement"] = nullptr;
    json["gain"] = nullptr;
    if (const auto& agreement = profile.learned().agreement) {
        json["agreement"] = {agreement->value, agreement->low, agreement->high};
        json["gain"] = {agreement->gain, agreement->gain_low, agreement->gain_high};
    }
    std::vector<double> everyone, you;
    std::vector<std::pair<double, Json>> surprises;
    double trust = 0;
    for (std::size_t i = 0; i < photos_.size(); ++i) {
        const auto& row = photos_[i].row;
        everyone.push_back(row[0]);
        you.push_back(row[0]);
        if (!person_.is_personal()) continue;
        const PersonalPrediction expected = predict(*person_.prior(), profile, row);
        you.back() = expected.rating;
        trust += expected.trust / static_cast<double>(photos_.size());
        if (const auto given = person_.given(photos_[i].content_id))
            surprises.push_back(
                {std::abs(*given - expected.rating),
                 {{"photo", i},
                  {"given", 1 + 4 * *given},
                  {"expected", std::round((1 + 4 * std::clamp(expected.rating, 0.0, 1.0)) * 10) / 10}}});
    }
    std::stable_sort(surprises.begin(), surprises.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    json["trust"] = std::round(trust * 1000) / 1000;
    json["everyone"] = ranked(everyone);
    json["you"] = ranked(you);
    json["surprises"] = Json::array();
    for (std::size_t i = 0; i < std::min(surprises_shown, surprises.size()); ++i)
        json["surprises"].push_back(std::move(surprises[i].second));
    return json;
}

void Teaching::update(const std::function<void(PersonalModel&)>& change) {
    person_ = person_.updated(file_, std::time(nullptr), change);
}

void Teaching::answer(const std::string& mode, const Places& photos, int stars) {
    const std::lock_guard lock(mutex_);
    const std::size_t wanted = mode == "pairs" ? 2 : mode == "orders" ? order_length : 1;
    const Places sorted = ascending(photos);
    if (photos.size() != wanted || sorted.back() >= photos_.size() ||
        std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        refuse("an answer should name " + std::to_string(wanted) + " different photos");
    if (mode == "stars" && (stars < 1 || stars > 5))
        refuse("stars are " + std::to_string(stars) + " and should be 1 to 5");
    std::map<std::string, std::vector<float>> rows;
    std::vector<std::string> ids;
    for (const std::size_t place : photos) {
        ids.push_back(photos_[place].content_id);
        rows[ids.back()] = photos_[place].row;
    }
    UserProfile said = nobody_;
    for (const auto& [id, row] : rows) said.set_row(id, row);
    if (mode == "stars")
        said.add({FeedbackKind::rating, ids[0], "", (stars - 1) / 4.0, std::time(nullptr)});
    else
        said.add_order(ids, std::time(nullptr));
    Answer answer{mode, photos, {}};
    update([&](PersonalModel& person) { answer.events = person.add(said.events(), rows); });
    asked_.insert(sorted);
    answers_.push_back(std::move(answer));
}

void Teaching::skip(const std::string& mode, const Places& photos) {
    const std::lock_guard lock(mutex_);
    question(mode);  // another mode is refused
    asked_.insert(ascending(photos));
}

void Teaching::undo() {
    const std::lock_guard lock(mutex_);
    if (answers_.empty()) return;
    update([&](PersonalModel& person) { person.remove(answers_.back().events); });
    asked_.erase(ascending(answers_.back().photos));
    answers_.pop_back();
}

}  // namespace piaa::cli
