#include "evaluation/asked_people.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <piaa/adapt.h>
#include <piaa/error.h>
#include <piaa/shuffle.h>
#include <piaa/statistics.h>

#include "datasets/person_means.h"

namespace piaa {
namespace {

constexpr std::size_t fewest_photos = 20;

std::vector<AskedPerson> people_of(const std::vector<std::vector<float>>& rows, const RatingsTable& table) {
    std::vector<AskedPerson> people;
    for (const auto& given : person_means(table)) {
        if (given.size() < fewest_photos) continue;
        AskedPerson& person = people.emplace_back();
        for (const auto& [image, rating] : given) {
            person.rows.push_back(rows[image]);
            person.ratings.push_back(rating);
        }
    }
    return people;
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

/// People to be asked, a sample of them where that is wanted.
std::vector<AskedPerson> chosen_people(const std::vector<std::vector<float>>& rows,
                                       const RatingsTable& ratings, const TeachingEvaluationOptions& options,
                                       std::mt19937_64& random) {
    std::vector<AskedPerson> people = people_of(rows, ratings);
    if (options.most_raters > 0 && people.size() > static_cast<std::size_t>(options.most_raters)) {
        shuffle(people, random);
        people.resize(static_cast<std::size_t>(options.most_raters));
    }
    if (people.empty())
        throw Error(ErrorCode::bad_data, "nobody has the " + std::to_string(fewest_photos) +
                                             " ratings it takes to be asked and tested");
    return people;
}

}  // namespace

std::string id_of_place(std::size_t photo) {
    return "photo-" + std::to_string(photo);
}

std::vector<double> expected_by(const Prior& prior, UserProfile& profile, const AskedPerson& person,
                                const Places& photos) {
    const bool silent = profile.events().empty();
    if (!silent) profile = adapt(prior, profile);
    std::vector<double> ratings;
    for (const std::size_t photo : photos) {
        const auto& row = person.rows[photo];
        ratings.push_back(silent ? row[0] : predict(prior, profile, row).rating);
    }
    return ratings;
}

double agreement(const AskedPerson& person, const Places& photos, const std::vector<double>& expected) {
    std::vector<double> given;
    for (const std::size_t photo : photos) given.push_back(person.ratings[photo]);
    return spearman(expected, given);
}

std::vector<TeachingMetrics> compare_ways(const std::vector<std::string>& ways,
                                          const std::vector<std::vector<float>>& rows,
                                          const RatingsTable& ratings,
                                          const TeachingEvaluationOptions& options, const AskOnce& ask) {
    if (options.answers.empty() || options.repeats < 1 || rows.size() != ratings.images().size())
        throw Error(ErrorCode::bad_argument,
                    "an evaluation needs answers, a repeat and a row for each photo");
    std::mt19937_64 random(options.seed);
    const std::vector<AskedPerson> people = chosen_people(rows, ratings, options, random);
    std::vector<Column> columns(ways.size() * options.answers.size());
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (options.progress &&
            !options.progress(static_cast<double>(i) / static_cast<double>(people.size())))
            throw Error(ErrorCode::cancelled, "evaluation was cancelled");
        const AskedPerson& person = people[i];
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
            const auto sroccs = ask(person, pool, held, random());
            for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += sroccs[c] / options.repeats;
        }
        if (std::isnan(generic)) continue;  // rated all alike
        for (std::size_t c = 0; c < columns.size(); ++c) {
            columns[c].sroccs.push_back(sums[c]);
            columns[c].gains.push_back(sums[c] - generic);
        }
    }
    std::vector<TeachingMetrics> metrics;
    for (std::size_t c = 0; c < columns.size(); ++c)
        metrics.push_back(columns[c].metrics(ways[c / options.answers.size()],
                                             options.answers[c % options.answers.size()], options.seed));
    return metrics;
}

}  // namespace piaa
