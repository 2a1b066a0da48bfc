#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include <piaa/error.h>
#include <piaa/research/agreement.h>

namespace piaa {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// What each person said of each photo; repeated ratings count as their mean.
using NamedFeedbackList = std::map<std::size_t, double>;  ///< by photo

std::vector<NamedFeedbackList> feedback_of(const RatingsTable& table) {
    std::vector<std::map<std::size_t, std::pair<double, double>>> sums(table.raters().size());
    for (const auto& row : table.rows()) {
        auto& [total, count] = sums[row.rater][row.image];
        total += row.rating;
        count += 1;
    }
    std::vector<NamedFeedbackList> people(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i)
        for (const auto& [photo, sum] : sums[i]) people[i][photo] = sum.first / sum.second;
    return people;
}

double mean(const std::vector<double>& values, std::span<const std::size_t> units) {
    double sum = 0;
    double count = 0;
    for (const std::size_t unit : units)
        if (!std::isnan(values[unit])) {
            sum += values[unit];
            count += 1;
        }
    return count > 0 ? sum / count : undefined;
}

Metric mean_metric(const std::string& name, const std::vector<double>& values,
                   const BootstrapOptions& options) {
    std::vector<std::size_t> all(values.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    const Statistic statistic = [&](std::span<const std::size_t> units) { return mean(values, units); };
    return {name, statistic(all), bootstrap_interval(values.size(), statistic, options)};
}

/// A photo's ratings, person by person.
struct Column {
    std::vector<double> values;
    double sum = 0;
    double good = 0;  ///< how many are above the limit

    double count() const { return static_cast<double>(values.size()); }
};

std::vector<Column> columns_of(const std::vector<NamedFeedbackList>& people, std::size_t photos,
                               double limit) {
    std::vector<Column> columns(photos);
    for (const auto& person : people)
        for (const auto& [photo, rating] : person) {
            columns[photo].values.push_back(rating);
            columns[photo].sum += rating;
            columns[photo].good += rating > limit;
        }
    return columns;
}

RaterAgreement agreement_of(const std::string& name, const NamedFeedbackList& person,
                            const std::vector<Column>& columns, double limit) {
    RaterAgreement result{name, 0, undefined, undefined, undefined};
    std::vector<double> own;
    std::vector<double> others;
    double same = 0;
    double bias = 0;
    for (const auto& [photo, rating] : person) {
        const Column& column = columns[photo];
        if (column.values.size() < 2) continue;
        const double rest = (column.sum - rating) / (column.count() - 1);
        own.push_back(rating);
        others.push_back(rest);
        same += (rating > limit) == (rest > limit);
        bias += rating - rest;
    }
    result.photos = own.size();
    if (own.empty()) return result;
    result.srocc = spearman(own, others);
    result.same_side = same / static_cast<double>(own.size());
    result.bias = bias / static_cast<double>(own.size());
    return result;
}

PhotoAgreement agreement_on(const std::string& image, const Column& column) {
    PhotoAgreement result{image, column.values.size(), column.sum / column.count(), 0, 0};
    double squares = 0;
    for (const double value : column.values) squares += (value - result.mean) * (value - result.mean);
    result.deviation = std::sqrt(squares / (column.count() - 1));
    result.majority = std::max(column.good, column.count() - column.good) / column.count();
    return result;
}

/// SROCC of each person with others, one mean per person, over at most so many pairs in all.
std::vector<double> pair_sroccs(const std::vector<NamedFeedbackList>& people,
                                const AgreementOptions& options) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    const std::size_t count = people.size();
    if (count * (count - 1) / 2 <= options.most_pairs) {
        for (std::size_t a = 0; a < count; ++a)
            for (std::size_t b = a + 1; b < count; ++b) pairs.emplace_back(a, b);
    } else {
        std::mt19937_64 random(options.bootstrap.seed);
        while (pairs.size() < options.most_pairs) {
            const std::size_t a = random() % count;
            const std::size_t b = random() % count;
            if (a != b) pairs.emplace_back(a, b);
        }
    }
    std::vector<double> sums(count, 0);
    std::vector<double> counts(count, 0);
    for (const auto& [a, b] : pairs) {
        std::vector<double> left;
        std::vector<double> right;
        for (const auto& [photo, rating] : people[a])
            if (const auto found = people[b].find(photo); found != people[b].end()) {
                left.push_back(rating);
                right.push_back(found->second);
            }
        if (left.size() < options.fewest_shared) continue;
        const double srocc = spearman(left, right);
        if (std::isnan(srocc)) continue;
        for (const std::size_t person : {a, b}) {
            sums[person] += srocc;
            counts[person] += 1;
        }
    }
    for (std::size_t i = 0; i < count; ++i) sums[i] = counts[i] > 0 ? sums[i] / counts[i] : undefined;
    return sums;
}

/// For each person, the chance that another one's rating of the same photo is on the same side, and the
/// chance that a rating of any photo is.
struct Sides {
    std::vector<double> same;
    std::vector<double> chance;
};

Sides sides_of(const std::vector<NamedFeedbackList>& people, const std::vector<Column>& columns,
               double limit) {
    double good = 0;
    double all = 0;
    for (const Column& column : columns) {
        good += column.good;
        all += column.count();
    }
    Sides sides;
    for (const auto& person : people) {
        double same = 0;
        double chance = 0;
        double photos = 0;
        for (const auto& [photo, rating] : person) {
            const Column& column = columns[photo];
            if (column.values.size() < 2) continue;
            const bool is_good = rating > limit;
            const double like = is_good ? column.good : column.count() - column.good;
            same += (like - 1) / (column.count() - 1);
            chance += (is_good ? good : all - good) / all;
            photos += 1;
        }
        sides.same.push_back(photos > 0 ? same / photos : undefined);
        sides.chance.push_back(photos > 0 ? chance / photos : undefined);
    }
    return sides;
}

/// Each person's pairs and squares that the variance components are sums of, so that people can be drawn.
/// Rating = photo + person + rest: the covariance of two people on a photo is the photo's variance; the
/// covariance of two photos of a person is the person's.
struct Moments {
    double between_people = 0;  ///< sum of products of own and others' deviation on the same photo
    double people_pairs = 0;
    double within_person = 0;  ///< sum of products of own deviations on different photos
    double photo_pairs = 0;
    double squares = 0;
    double count = 0;
};

std::vector<Moments> moments_of(const std::vector<NamedFeedbackList>& people,
                                const std::vector<Column>& columns) {
    double sum = 0;
    double all = 0;
    for (const Column& column : columns) {
        sum += column.sum;
        all += column.count();
    }
    const double centre = sum / all;
    std::vector<Moments> moments;
    for (const auto& person : people) {
        Moments own;
        double total = 0;
        for (const auto& [photo, rating] : person) {
            const Column& column = columns[photo];
            const double deviation = rating - centre;
            own.between_people += deviation * (column.sum - rating - (column.count() - 1) * centre);
            own.people_pairs += column.count() - 1;
            own.squares += deviation * deviation;
            own.count += 1;
            total += deviation;
        }
        own.within_person = total * total - own.squares;
        own.photo_pairs = own.count * (own.count - 1);
        moments.push_back(own);
    }
    return moments;
}

std::vector<Metric> variance_shares(const std::vector<Moments>& moments, const BootstrapOptions& options) {
    const auto share = [&](int which) -> Statistic {
        return [&moments, which](std::span<const std::size_t> units) {
            Moments sum;
            for (const std::size_t unit : units) {
                const Moments& one = moments[unit];
                sum.between_people += one.between_people;
                sum.people_pairs += one.people_pairs;
                sum.within_person += one.within_person;
                sum.photo_pairs += one.photo_pairs;
                sum.squares += one.squares;
                sum.count += one.count;
            }
            if (sum.count == 0 || sum.people_pairs == 0 || sum.squares <= 0) return undefined;
            const double total = sum.squares / sum.count;
            const double common = std::max(0.0, sum.between_people / sum.people_pairs) / total;
            const double bias =
                sum.photo_pairs > 0 ? std::max(0.0, sum.within_person / sum.photo_pairs) / total : 0;
            return which == 0 ? common : which == 1 ? bias : std::max(0.0, 1 - common - bias);
        };
    };
    std::vector<std::size_t> all(moments.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    std::vector<Metric> metrics;
    int which = 0;
    for (const char* name : {"common", "bias", "individual"}) {
        const Statistic statistic = share(which++);
        metrics.push_back({name, statistic(all), bootstrap_interval(all.size(), statistic, options)});
    }
    return metrics;
}

}  // namespace

RatingsAgreement rating_agreement(const RatingsTable& ratings, const AgreementOptions& options) {
    if (ratings.detail() != RatingsDetail::people)
        throw Error(ErrorCode::bad_data, "ratings do not say who gave them and should, to compare people");
    const double limit = options.form.limit.value_or((ratings.scale().low + ratings.scale().high) / 2);
    const auto people = feedback_of(ratings);
    const auto columns = columns_of(people, ratings.images().size(), limit);

    RatingsAgreement result;
    std::vector<double> with_others;
    for (std::size_t i = 0; i < people.size(); ++i) {
        auto one = agreement_of(ratings.raters()[i], people[i], columns, limit);
        if (one.photos == 0) continue;
        with_others.push_back(one.srocc);
        result.raters.push_back(std::move(one));
    }
    std::vector<double> majorities;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].values.size() < 2) continue;
        result.photos.push_back(agreement_on(ratings.images()[i], columns[i]));
        majorities.push_back(result.photos.back().majority);
    }
    if (result.photos.empty())
        throw Error(ErrorCode::bad_data,
                    "no photo was rated by two people, and some should be, to compare people");
    const auto sides = sides_of(people, columns, limit);
    result.metrics = {mean_metric("srocc_with_others", with_others, options.bootstrap),
                      mean_metric("srocc_of_pairs", pair_sroccs(people, options), options.bootstrap),
                      mean_metric("same_side", sides.same, options.bootstrap),
                      mean_metric("same_by_chance", sides.chance, options.bootstrap),
                      mean_metric("majority", majorities, options.bootstrap)};
    for (auto& metric : variance_shares(moments_of(people, columns), options.bootstrap))
        result.metrics.push_back(std::move(metric));
    return result;
}

}  // namespace piaa
