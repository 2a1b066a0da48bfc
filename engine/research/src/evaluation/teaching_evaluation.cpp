#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include <piaa/adapt.h>
#include <piaa/error.h>
#include <piaa/query_selection.h>
#include <piaa/research/teaching_evaluation.h>
#include <piaa/shuffle.h>

#include "datasets/person_means.h"

namespace piaa {
namespace {

using Places = std::vector<std::size_t>;

constexpr std::size_t fewest_photos = 20;
constexpr std::size_t order_length = 5;
constexpr std::size_t ahead = 5;  // chosen questions between two times of learning

/// The photos that one person rated, on 0 to 1.
struct Person {
    std::vector<std::vector<float>> rows;
    std::vector<double> ratings;
};

std::vector<Person> people_of(const std::vector<std::vector<float>>& rows, const RatingsTable& table) {
    std::vector<Person> people;
    for (const auto& given : person_means(table)) {
        if (given.size() < fewest_photos) continue;
        Person& person = people.emplace_back();
        for (const auto& [image, rating] : given) {
            person.rows.push_back(rows[image]);
            person.ratings.push_back(rating);
        }
    }
    return people;
}

std::string id_of(std::size_t photo) {
    return "photo-" + std::to_string(photo);
}

/// One person who is asked in one way.
class Pupil {
public:
    Pupil(const Prior& prior, const Person& person, const Places& pool, const std::string& way,
          std::uint64_t seed)
        : prior_(prior),
          person_(person),
          pool_(pool),
          kind_(way.substr(0, way.find('-'))),
          chosen_(way.ends_with("-chosen")),
          random_(seed),
          profile_({prior.model_name(), prior.model(), "evaluation"}) {
        for (const std::size_t place : pool_) {
            profile_.set_row(id_of(place), person_.rows[place]);
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

    /// What is expected of photos now; of everyone where the answers say nothing yet.
    std::vector<double> expected(const Places& photos) {
        learn();
        std::vector<double> ratings;
        for (const std::size_t photo : photos) {
            const auto& row = person_.rows[photo];
            ratings.push_back(profile_.events().empty() ? row[0] : predict(prior_, profile_, row).rating);
        }
        return ratings;
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
            profile_.add({FeedbackKind::rating, id_of(photos[0]), "", person_.ratings[photos[0]], 0});
            return;
        }
        // As UserProfile::add_order() weighs them.
        const double weight = 2 / static_cast<double>(photos.size());
        for (const std::size_t a : photos)
            for (const std::size_t b : photos)
                if (person_.ratings[a] > person_.ratings[b])
                    profile_.add({FeedbackKind::comparison, id_of(a), id_of(b), weight, 0});
    }

    const Prior& prior_;
    const Person& person_;
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

double agreement(const Person& person, const Places& photos, const std::vector<double>& expected) {
    std::vector<double> given;
    for (const std::size_t photo : photos) given.push_back(person.ratings[photo]);
    return spearman(expected, given);
}

/// Means over repeats, one per person; people whose correlation is undefined do not count.
struct Column {
    std::vector<double> sroccs, gains;
    TeachingMetrics metrics(const std::string& way, int answers, std::uint64_t seed) const {
        const auto mean = [](const std::vector<double>& values) {
            return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
        };
        const auto statistic = [&](std::span<const std::size_t> units) {
            double sum = 0;
            for (const std::size_t unit : units) sum += sroccs[unit];
            return sum / static_cast<double>(units.size());
        };
        return {way,          answers,
                mean(sroccs), bootstrap_interval(sroccs.size(), statistic, {.seed = seed}),
                mean(gains),  sroccs.size()};
    }
};

}  // namespace

std::vector<TeachingMetrics> evaluate_teaching(const Prior& prior,
                                               const std::vector<std::vector<float>>& rows,
                                               const RatingsTable& ratings,
                                               const TeachingEvaluationOptions& options) {
    if (options.answers.empty() || options.repeats < 1 || rows.size() != ratings.images().size())
        throw Error(ErrorCode::bad_argument,
                    "an evaluation needs answers, a repeat and a row for each photo");
    const std::vector<std::string> ways = {"stars",        "stars-chosen", "pairs",
                                           "pairs-chosen", "orders",       "orders-chosen"};
    std::vector<Person> people = people_of(rows, ratings);
    std::mt19937_64 random(options.seed);
    if (options.most_raters > 0 && people.size() > static_cast<std::size_t>(options.most_raters)) {
        shuffle(people, random);
        people.resize(static_cast<std::size_t>(options.most_raters));
    }
    if (people.empty())
        throw Error(ErrorCode::bad_data, "nobody has the " + std::to_string(fewest_photos) +
                                             " ratings it takes to be asked and tested");
    std::vector<Column> columns(ways.size() * options.answers.size());
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (options.progress &&
            !options.progress(static_cast<double>(i) / static_cast<double>(people.size())))
            throw Error(ErrorCode::cancelled, "evaluation was cancelled");
        const Person& person = people[i];
        std::vector<double> sums(columns.size(), 0);
        double generic = 0;
        for (int repeat = 0; repeat < options.repeats; ++repeat) {
            Places order(person.ratings.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            shuffle(order, random);
            const auto half = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
            const Places pool(order.begin(), half), held(half, order.end());
            std::vector<double> everyone;
            for (const std::size_t photo : held) everyone.push_back(person.rows[photo][0]);
            generic += agreement(person, held, everyone) / options.repeats;
            const std::uint64_t seed = random();
            for (std::size_t w = 0; w < ways.size(); ++w) {
                Pupil pupil(prior, person, pool, ways[w], seed);
                for (std::size_t a = 0; a < options.answers.size(); ++a) {
                    pupil.answer_until(options.answers[a]);
                    sums[w * options.answers.size() + a] +=
                        agreement(person, held, pupil.expected(held)) / options.repeats;
                }
            }
        }
        if (std::isnan(generic)) continue;  // rated all alike
        for (std::size_t c = 0; c < columns.size(); ++c) {
            columns[c].sroccs.push_back(sums[c]);
            columns[c].gains.push_back(sums[c] - generic);
        }
    }
    std::vector<TeachingMetrics> metrics;
    for (std::size_t w = 0; w < ways.size(); ++w)
        for (std::size_t a = 0; a < options.answers.size(); ++a)
            metrics.push_back(
                columns[w * options.answers.size() + a].metrics(ways[w], options.answers[a], options.seed));
    return metrics;
}

}  // namespace piaa
