#include <cmath>
#include <limits>
#include <string>

#include <piaa/error.h>
#include <piaa/research/generic_metrics.h>

namespace piaa {
namespace {

using Draw = std::span<const std::size_t>;

std::vector<double> pick(std::span<const double> values, Draw places) {
    std::vector<double> picked;
    picked.reserve(places.size());
    for (const std::size_t place : places) picked.push_back(values[place]);
    return picked;
}

double defined_mean(std::span<const double> values) {
    double sum = 0;
    double count = 0;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        sum += value;
        count += 1;
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::size_t> all_places(std::size_t count) {
    std::vector<std::size_t> places(count);
    for (std::size_t i = 0; i < count; ++i) places[i] = i;
    return places;
}

/// A statistic of all units and its interval.
Metric metric(const std::string& name, std::size_t units, const Statistic& statistic,
              const BootstrapOptions& options) {
    return {name, statistic(all_places(units)), bootstrap_interval(units, statistic, options)};
}

void require_same_count(std::size_t predicted, std::size_t given) {
    if (predicted != given)
        throw Error(ErrorCode::bad_argument, "evaluation got " + std::to_string(predicted) +
                                                 " predictions for " + std::to_string(given) + " photos");
}

}  // namespace

std::vector<Metric> generic_metrics(std::span<const ScoreDistribution> predicted, const RatingsTable& given,
                                    const BootstrapOptions& options, const RatingForm& form) {
    const std::size_t count = given.images().size();
    require_same_count(predicted.size(), count);
    const auto means = given.image_means();
    const int steps = form.steps > 0 ? form.steps : static_cast<int>(predicted[0].probabilities().size());
    const auto distributions = given.image_distributions(steps);
    const bool shapes_known = given.detail() != RatingsDetail::means;
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> scores;
    std::vector<double> emd1;
    std::vector<double> emd2;
    for (std::size_t i = 0; i < count; ++i) {
        const auto on_scale = predicted[i].rescaled_to(given.scale().low, given.scale().high, steps);
        scores.push_back(on_scale.mean());
        emd1.push_back(shapes_known ? earth_movers_distance(on_scale, distributions[i], 1) : unknown);
        emd2.push_back(shapes_known ? earth_movers_distance(on_scale, distributions[i], 2) : unknown);
    }
    const auto per_rater = given.detail() == RatingsDetail::people
                               ? rater_sroccs(scores, given)
                               : std::vector<double>(given.raters().size(), unknown);
    const double middle = form.limit.value_or((given.scale().low + given.scale().high) / 2);

    const auto of_photos = [&](const std::string& name, auto statistic) {
        return metric(
            name, count, [&](Draw draw) { return statistic(pick(scores, draw), pick(means, draw)); },
            options);
    };
    const auto mean_of = [&](const std::string& name, const std::vector<double>& values) {
        return metric(
            name, values.size(), [&](Draw draw) { return defined_mean(pick(values, draw)); }, options);
    };
    using Values = std::vector<double>;
    return {
        of_photos("srocc", [](const Values& p, const Values& g) { return spearman(p, g); }),
        of_photos("plcc", [](const Values& p, const Values& g) { return pearson(p, g); }),
        mean_of("rater_srocc", per_rater),
        mean_of("emd1", emd1),
        mean_of("emd2", emd2),
        of_photos("acc", [&](const Values& p, const Values& g) { return accuracy(p, g, middle); }),
        of_photos("acc_constant",
                  [&](const Values&, const Values& g) { return constant_accuracy(g, middle); }),
        of_photos("balanced_acc",
                  [&](const Values& p, const Values& g) { return balanced_accuracy(p, g, middle); }),
        of_photos("mse", [](const Values& p, const Values& g) { return mean_squared_error(p, g); }),
    };
}

Metric srocc_difference(std::span<const double> predicted, std::span<const double> other,
                        std::span<const double> given, const BootstrapOptions& options) {
    require_same_count(predicted.size(), given.size());
    require_same_count(other.size(), given.size());
    return metric(
        "srocc_difference", given.size(),
        [&](Draw draw) {
            const auto truth = pick(given, draw);
            return spearman(pick(predicted, draw), truth) - spearman(pick(other, draw), truth);
        },
        options);
}

std::vector<double> rater_sroccs(std::span<const double> predicted, const RatingsTable& given) {
    require_same_count(predicted.size(), given.images().size());
    std::vector<std::vector<double>> scores(given.raters().size());
    std::vector<std::vector<double>> ratings(given.raters().size());
    for (const auto& row : given.rows()) {
        scores[row.rater].push_back(predicted[row.image]);
        ratings[row.rater].push_back(row.rating);
    }
    std::vector<double> result;
    for (std::size_t rater = 0; rater < scores.size(); ++rater)
        result.push_back(spearman(scores[rater], ratings[rater]));
    return result;
}

}  // namespace piaa
