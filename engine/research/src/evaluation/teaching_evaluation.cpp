#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include <piaa/adapt.h>
#include <piaa/query_selection.h>
#include <piaa/research/teaching_evaluation.h>
#include <piaa/shuffle.h>

#include "evaluation/asked_people.h"

namespace piaa {
namespace {

constexpr std::size_t order_length = 5;
constexpr std::size_t ahead = 5;  // chosen questions between two times of learning

/// One person who is asked in one way.
class Pupil {
public:
    Pupil(const Prior& prior, const AskedPerson& person, const Places& pool, const std::string& way,
          std::uint64_t seed)
        : prior_(prior),
          person_(person),
          pool_(pool),
          kind_(way.substr(0, way.find('-'))),
          chosen_(way.ends_with("-chosen")),
          random_(seed),
          profile_({prior.model_name(), prior.model(), "evaluation"}) {
        for (const std::size_t place : pool_) {
            profile_.set_row(id_of_place(place), person_.rows[place]);
            rows_.push_back(person_.rows[place]);
        }
    }

    /// Gives answers until there are so many; fewer when nothing is left to be asked.
    void answer_until(int count) {
        while (answers_ < count) {
            if (open_.empty()) {
                learn();
                open_ = questions();
                if (open_.empty()) return;
            }
            answer(open_.front());
            open_.erase(open_.begin());
            ++answers_;
        }
    }

    /// What is expected of photos now.
    std::vector<double> expected(const Places& photos) {
        return expected_by(prior_, profile_, person_, photos);
    }

private:
    void learn() {
        if (!profile_.events().empty()) profile_ = adapt(prior_, profile_);
    }

    std::vector<Places> questions() {
        std::vector<Places> found = kind_ == "stars" ? stars() : kind_ == "pairs" ? pairs() : orders();
        for (Places& question : found)
            for (std::size_t& place : question) place = pool_[place];
        return found;
    }

    /// Places in the pool, those that tell most first where they are chosen.
    Places ranked(std::size_t count) {
        Places places;
        if (chosen_) {
            for (const Query& query :
                 select_queries(prior_, rows_, {.count = count, .likely_good = 0, .known = &profile_}))
                places.push_back(query.photo);
            return places;
        }
        places.resize(pool_.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        shuffle(places, random_);
        return places;
    }

    std::vector<Places> stars() {
        std::vector<Places> found;
        for (const std::size_t place : ranked(pool_.size()))
            if (found.size() < ahead && asked_.insert({place}).second) found.push_back({place});
        return found;
    }

    std::vector<Places> pairs() {
        std::vector<Places> found;
        if (chosen_) {
            const auto best =
                choose_pairs(prior_, rows_, 4 * ahead, profile_.events().empty() ? nullptr : &profile_);
            for (const auto& [a, b] : best)
                if (found.size() < ahead && asked_.insert({std::min(a, b), std::max(a, b)}).second)
                    found.push_back({a, b});
            return found;
        }
        for (int i = 0; i < 1000 && found.size() < ahead; ++i) {
            const std::size_t a = random_() % pool_.size(), b = random_() % pool_.size();
            if (a != b && asked_.insert({std::min(a, b), std::max(a, b)}).second) found.push_back({a, b});
        }
        return found;
    }

    std::vector<Places> orders() {
        Places places = ranked(order_length);
        places.resize(std::min(places.size(), order_length));
        return {places};
    }

    void answer(const Places& photos) {
        if (kind_ == "stars") {
            profile_.add({FeedbackKind::rating, id_of_place(photos[0]), "", person_.ratings[photos[0]], 0});
            return;
        }
        // As UserProfile::add_order() weighs them.
        const double weight = 2 / static_cast<double>(photos.size());
        for (const std::size_t a : photos)
            for (const std::size_t b : photos)
                if (person_.ratings[a] > person_.ratings[b])
                    profile_.add({FeedbackKind::comparison, id_of_place(a), id_of_place(b), weight, 0});
    }

    const Prior& prior_;
    const AskedPerson& person_;
    const Places& pool_;
    std::string kind_;
    bool chosen_;
    std::mt19937_64 random_;
    UserProfile profile_;
    std::vector<std::vector<float>> rows_;
    std::vector<Places> open_;
    std::set<Places> asked_;
    int answers_ = 0;
};

}  // namespace

std::vector<TeachingMetrics> evaluate_teaching(const Prior& prior,
                                               const std::vector<std::vector<float>>& rows,
                                               const RatingsTable& ratings,
                                               const TeachingEvaluationOptions& options) {
    const std::vector<std::string> ways = {"stars",        "stars-chosen", "pairs",
                                           "pairs-chosen", "orders",       "orders-chosen"};
    return compare_ways(
        ways, rows, ratings, options,
        [&](const AskedPerson& person, const Places& pool, const Places& held, std::uint64_t seed) {
            std::vector<double> sroccs;
            for (const std::string& way : ways) {
                Pupil pupil(prior, person, pool, way, seed);
                for (const int answers : options.answers) {
                    pupil.answer_until(answers);
                    sroccs.push_back(agreement(person, held, pupil.expected(held)));
                }
            }
            return sroccs;
        });
}

}  // namespace piaa
