#include <algorithm>
#include <cmath>
#include <string>

#include <piaa/error.h>
#include <piaa/folds.h>
#include <piaa/research/train.h>

#include "math/indexing.h"
#include "math/ridge.h"
#include "model/model_impl.h"
#include "training/feature_selection.h"
#include "training/rating_targets.h"
#include "training/token_reading_fit.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

void require_same_counts(const RatedPhotos& photos, const std::optional<Teaching>& teaching) {
    const std::size_t count = photos.features.size();
    if (photos.ratings.size() != count || photos.groups.size() != count ||
        (!photos.learned.empty() && photos.learned.size() != count) ||
        (teaching &&
         (teaching->rated.size() != count || teaching->student.size() != teaching->unrated.size())))
        throw Error(ErrorCode::bad_argument,
                    "training on " + std::to_string(count) + " photos got " +
                        std::to_string(photos.ratings.size()) + " ratings and " +
                        std::to_string(photos.groups.size()) +
                        " groups, or a teacher of other photos, and needs as many of each");
}

void require_prior_fits(const Model& model, const HeadPrior& prior, bool with_teacher) {
    if (prior.direction.empty()) return;
    if (with_teacher)
        throw Error(ErrorCode::bad_argument, "a head starts from a prior or learns from a teacher, not both");
    if (prior.direction.size() != model.impl().pooled_size())
        throw Error(ErrorCode::bad_argument,
                    "prior head has " + std::to_string(prior.direction.size()) + " weights and should have " +
                        std::to_string(model.impl().pooled_size()) + ", as the model's pooled numbers");
}

/// One network's view of the photos.
struct View {
    HeadColumns columns;
    MatrixXd rated;
    MatrixXd unrated;  ///< no rows without a teacher

    View part(const std::vector<Index>& places) const {
        return {columns, rated(places, indexing::all), unrated};
    }

    /// From the rated photos; columns that count more get a larger scale.
    Standardiser standardiser() const {
        Standardiser result(rated);
        result.scale.array() *= columns.emphasis.array();
        return result;
    }
};

/// A prior head in the space of the chosen columns, centred on the rated photos and scaled there.
struct ColumnPrior {
    Eigen::VectorXd direction;  ///< empty for none
    double constant = 0;

    Eigen::VectorXd operator()(const MatrixXd& rows) const {
        if (direction.size() == 0) return Eigen::VectorXd::Zero(rows.rows());
        return (rows * direction).array() + constant;
    }
};

/// A head in the space of the chosen columns.
struct ColumnHead {
    Standardiser standardiser;
    LinearRule rule;
    ColumnPrior prior;

    MatrixXd operator()(const MatrixXd& rows) const {
        MatrixXd predicted = rule(standardiser(rows));
        predicted.col(0) += prior(rows);
        return predicted;
    }
};

/// All that a fit needs, taken out of the photos once.
struct HeadTask {
    View student;
    View teacher;
    MatrixXd targets;  ///< of the rated photos
    std::vector<std::string> groups;
    double teacher_weight = 0;
    Eigen::VectorXd prior;  ///< its direction among the chosen columns; empty for none
    double prior_deviation = 0;

    HeadTask part(const std::vector<Index>& places) const {
        HeadTask result{student.part(places), {}, targets(places, indexing::all), {}, teacher_weight, prior,
                        prior_deviation};
        if (teacher.rated.size() > 0) result.teacher = teacher.part(places);
        for (const Index i : places) result.groups.push_back(groups[i]);
        return result;
    }

    /// The prior on the scale of these photos' ratings.
    ColumnPrior scaled_prior() const {
        if (prior.size() == 0) return {};
        const Eigen::VectorXd given = student.rated * prior;
        const double mean = given.mean();
        const double deviation = std::sqrt((given.array() - mean).square().mean());
        if (deviation <= 0) return {};
        const double scale = prior_deviation / deviation;
        return {scale * prior, -scale * mean};
    }
};

/// The chosen columns of the prior's direction.
Eigen::VectorXd chosen(const HeadPrior& prior, const HeadColumns& columns) {
    Eigen::VectorXd result(prior.direction.empty() ? 0 : static_cast<Index>(columns.places.size()));
    for (Index c = 0; c < result.size(); ++c) {
        const auto place = static_cast<std::size_t>(columns.places[static_cast<std::size_t>(c)]);
        result[c] = place < prior.direction.size() ? prior.direction[place] : 0.0F;
    }
    return result;
}

HeadTask make_task(const Model& model, const RatedPhotos& photos, const std::optional<Teaching>& teaching,
                   const HeadOptions& options) {
    require_same_counts(photos, teaching);
    require_prior_fits(model, options.prior, teaching.has_value());
    const auto& learned = photos.learned.empty() ? photos.features : photos.learned;
    const HeadColumns columns = choose_columns(model, options.features);
    HeadTask task{{columns, feature_matrix(model, learned, columns), {}},
                  {},
                  targets_of(photos.ratings),
                  photos.groups,
                  0,
                  chosen(options.prior, columns),
                  options.prior.deviation};
    if (teaching) {
        const HeadColumns seen = choose_columns(teaching->teacher, options.features);
        task.teacher = {seen, feature_matrix(teaching->teacher, teaching->rated, seen),
                        feature_matrix(teaching->teacher, teaching->unrated, seen)};
        task.student.unrated = feature_matrix(model, teaching->student, columns);
        task.teacher_weight = teaching->weight;
    }
    return task;
}

/// Ridge on the rated photos alone, on what the prior leaves of their ratings.
ColumnHead fit_rated(const View& view, const MatrixXd& targets, const std::vector<int>& folds,
                     ColumnPrior prior = {}) {
    Standardiser standardiser = view.standardiser();
    const Eigen::VectorXd known = prior(view.rated);
    MatrixXd left = targets;
    left.col(0) -= known;
    LinearRule rule = fit_ridge({standardiser(view.rated), Eigen::VectorXd::Ones(view.rated.rows()), folds,
                                 [&](int) { return left; }});
    rule.held_out.col(0) += known;
    return {std::move(standardiser), std::move(rule), std::move(prior)};
}

/// What a teacher who has not seen a fold says of the unrated photos.
MatrixXd teacher_labels(const HeadTask& task, const std::vector<int>& folds, int without,
                        const std::vector<double>& penalties) {
    std::vector<Index> places;
    for (std::size_t i = 0; i < folds.size(); ++i)
        if (folds[i] != without) places.push_back(static_cast<Index>(i));
    const View seen = task.teacher.part(places);
    const Standardiser standardiser = seen.standardiser();
    const LinearRule rule = fit_ridge(standardiser(seen.rated), task.targets(places, indexing::all),
                                      Eigen::VectorXd::Ones(seen.rated.rows()), penalties);
    return rule(standardiser(seen.unrated));
}

ColumnHead fit_task(const HeadTask& task, int fold_count, std::uint64_t seed) {
    auto folds = make_folds(task.groups, fold_count, seed);
    const Index rated = task.student.rated.rows();
    const Index unrated = task.student.unrated.rows();
    if (unrated == 0) return fit_rated(task.student, task.targets, folds, task.scaled_prior());

    const auto rated_folds = folds;
    const auto penalties = fit_rated(task.teacher, task.targets, folds).rule.penalties;
    Standardiser standardiser = task.student.standardiser();
    RidgeTask ridge;
    ridge.features.resize(rated + unrated, task.student.rated.cols());
    ridge.features << standardiser(task.student.rated), standardiser(task.student.unrated);
    ridge.weights = Eigen::VectorXd::Ones(rated + unrated);
    ridge.weights.tail(unrated).setConstant(task.teacher_weight);
    ridge.folds = std::move(folds);
    ridge.folds.resize(static_cast<std::size_t>(rated + unrated), -1);
    ridge.targets = [&](int fold) {
        MatrixXd targets(rated + unrated, head_target_count);
        targets << task.targets, teacher_labels(task, rated_folds, fold, penalties);
        return targets;
    };
    LinearRule rule = fit_ridge(ridge);
    return {std::move(standardiser), std::move(rule), {}};
}

/// The straight line from held-out predictions to ratings.
void calibrate(GenericHead& head, const Eigen::VectorXd& predicted, const Eigen::VectorXd& given) {
    const Eigen::ArrayXd centred = predicted.array() - predicted.mean();
    const double variance = centred.square().sum();
    if (variance > 1e-12)
        head.calibration_slope = (centred * (given.array() - given.mean())).sum() / variance;
    head.calibration_intercept = given.mean() - head.calibration_slope * predicted.mean();
    for (const double prediction : predicted)
        head.held_out.push_back(head.calibration_slope * prediction + head.calibration_intercept);
}

}  // namespace

GenericHead train_head(const Model& model, const RatedPhotos& photos, const std::optional<Teaching>& teaching,
                       const HeadOptions& options) {
    if (options.features.attributes)
        throw Error(ErrorCode::bad_argument, "a model file cannot hold a head on attributes");
    const HeadTask task = make_task(model, photos, teaching, options);
    const ColumnHead fit = fit_task(task, options.folds, options.seed);

    const std::size_t size = model.impl().pooled_size();
    GenericHead head;
    head.feature_mean.assign(size, 0);
    head.feature_deviation.assign(size, 1);
    head.mean_weights.assign(size, 0);
    head.spread_weights.assign(size, 0);
    head.mean_bias = fit.rule.intercept[0] + fit.prior.constant;
    head.spread_bias = fit.rule.intercept[1];
    const HeadColumns& columns = task.student.columns;
    for (std::size_t c = 0; c < columns.places.size(); ++c) {
        const auto column = static_cast<std::size_t>(columns.places[c]);
        const auto i = static_cast<Index>(c);
        const double emphasis = columns.emphasis[i];
        head.feature_mean[column] = static_cast<float>(fit.standardiser.mean[i]);
        if (fit.standardiser.scale[i] > 0)
            head.feature_deviation[column] = static_cast<float>(emphasis / fit.standardiser.scale[i]);
        // Of raw numbers the prior is a sum, of standardised ones another and a constant.
        const double known = fit.prior.direction.size() > 0 ? fit.prior.direction[i] : 0;
        head.mean_bias += known * fit.standardiser.mean[i];
        head.mean_weights[column] =
            static_cast<float>(emphasis * fit.rule.weights(i, 0) + known * head.feature_deviation[column]);
        head.spread_weights[column] = static_cast<float>(emphasis * fit.rule.weights(i, 1));
    }
    const TokenReading reading =
        fit_token_reading(model, photos.learned.empty() ? photos.features : photos.learned,
                          make_folds(photos.groups, options.folds, options.seed));
    head.reading_into = reading.into;
    head.reading_out = reading.out;
    calibrate(head, fit.rule.held_out.col(0).head(task.targets.rows()), task.targets.col(0));
    head.mean_penalty = fit.rule.penalties[0];
    head.spread_penalty = fit.rule.penalties[1];
    return head;
}

std::vector<ScoreDistribution> predict_others(const Model& model, const RatedPhotos& photos,
                                              const std::vector<Features>& others,
                                              const std::optional<Teaching>& teaching,
                                              const HeadOptions& options) {
    const HeadTask task = make_task(model, photos, teaching, options);
    const ColumnHead head = fit_task(task, options.folds, options.seed);
    const MatrixXd predicted = head(feature_matrix(model, others, task.student.columns));
    std::vector<ScoreDistribution> result;
    for (Index i = 0; i < predicted.rows(); ++i)
        result.push_back(distribution_of(photos.ratings.front(), predicted(i, 0), predicted(i, 1)));
    return result;
}

std::vector<ScoreDistribution> predict_held_out(const Model& model, const RatedPhotos& photos,
                                                const std::optional<Teaching>& teaching,
                                                const HeadOptions& options) {
    const HeadTask task = make_task(model, photos, teaching, options);
    const MatrixXd scored = feature_matrix(model, photos.features, task.student.columns);
    const auto folds = make_folds(photos.groups, options.folds, options.seed);
    MatrixXd predicted = MatrixXd::Zero(static_cast<Index>(folds.size()), head_target_count);
    for (int fold = 0; fold < options.folds; ++fold) {
        std::vector<Index> inside;
        std::vector<Index> outside;
        for (std::size_t i = 0; i < folds.size(); ++i)
            (folds[i] == fold ? outside : inside).push_back(static_cast<Index>(i));
        if (outside.empty()) continue;
        // Another seed, because the outer folds would leave one of the inner ones empty.
        const ColumnHead head = fit_task(task.part(inside), options.folds, options.seed + 1);
        predicted(outside, indexing::all) = head(scored(outside, indexing::all));
    }
    std::vector<ScoreDistribution> result;
    for (std::size_t i = 0; i < folds.size(); ++i)
        result.push_back(distribution_of(photos.ratings[i], predicted(static_cast<Index>(i), 0),
                                         predicted(static_cast<Index>(i), 1)));
    return result;
}

}  // namespace piaa
