#include "math/ridge.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <piaa/error.h>

#include "math/indexing.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

/// From hardly any penalty to hardly any slope, two steps a decade.
std::vector<double> penalty_grid() {
    std::vector<double> grid;
    for (int half_decade = -7; half_decade <= 4; ++half_decade)
        grid.push_back(std::pow(10, half_decade / 2.0));
    return grid;
}

/// The dual problem of some photos, centred at their weighted mean: a rule predicts
/// intercept + centred inner products * dual.
class DualProblem {
public:
    /// kernel: inner products between the photos.
    DualProblem(const MatrixXd& kernel, const MatrixXd& targets, const VectorXd& weights)
        : share_(weights / weights.sum()),
          root_(weights.cwiseSqrt()),
          means_(kernel * share_),
          mean_(share_.dot(means_)) {
        intercept_ = share_.transpose() * targets;
        matrix_ = kernel;
        matrix_.colwise() -= means_;
        matrix_.rowwise() -= means_.transpose();
        matrix_.array() += mean_;
        unit_ = std::max(matrix_.trace() / static_cast<double>(kernel.rows()), 1e-12);
        matrix_ = root_.asDiagonal() * matrix_ * root_.asDiagonal();
        right_ = root_.asDiagonal() * (targets.rowwise() - intercept_);
    }

    const RowVectorXd& intercept() const { return intercept_; }

    /// photos x targets
    MatrixXd dual(double penalty) const {
        MatrixXd shifted = matrix_;
        shifted.diagonal().array() += penalty * unit_;
        const Eigen::LLT<Eigen::Ref<MatrixXd>> factors(shifted);
        return root_.asDiagonal() * factors.solve(right_);
    }

    /// Centres inner products of other photos (rows) with these (columns).
    MatrixXd centred(MatrixXd between) const {
        const VectorXd row_means = between * share_;
        between.colwise() -= row_means;
        between.rowwise() -= means_.transpose();
        between.array() += mean_;
        return between;
    }

private:
    VectorXd share_;
    VectorXd root_;
    VectorXd means_;
    double mean_;
    RowVectorXd intercept_;
    double unit_;
    MatrixXd matrix_;
    MatrixXd right_;
};

/// For each penalty, the predictions of every photo from the folds without it.
std::vector<MatrixXd> held_out_predictions(const RidgeTask& task, const MatrixXd& kernel, Index target_count,
                                           const std::vector<double>& penalties) {
    std::set<int> names(task.folds.begin(), task.folds.end());
    names.erase(-1);
    if (names.size() < 2)
        throw Error(ErrorCode::bad_argument, "cross-validation has " + std::to_string(names.size()) +
                                                 " folds with photos and should have at least 2");
    std::vector<MatrixXd> predictions(penalties.size(), MatrixXd::Zero(kernel.rows(), target_count));
    for (const int name : names) {
        std::vector<Index> inside;
        std::vector<Index> outside;
        for (std::size_t i = 0; i < task.folds.size(); ++i)
            (task.folds[i] == name ? outside : inside).push_back(static_cast<Index>(i));
        const DualProblem problem(kernel(inside, inside), task.targets(name)(inside, indexing::all),
                                  task.weights(inside));
        const MatrixXd between = problem.centred(kernel(outside, inside));
        for (std::size_t p = 0; p < penalties.size(); ++p)
            predictions[p](outside, indexing::all) =
                (between * problem.dual(penalties[p])).rowwise() + problem.intercept();
    }
    return predictions;
}

/// Weighted squared error of one target over the photos that have a fold.
double held_out_error(const RidgeTask& task, const MatrixXd& predicted, const MatrixXd& targets,
                      Index target) {
    double error = 0;
    for (std::size_t i = 0; i < task.folds.size(); ++i) {
        if (task.folds[i] < 0) continue;
        const auto row = static_cast<Index>(i);
        const double gap = predicted(row, target) - targets(row, target);
        error += task.weights[row] * gap * gap;
    }
    return error;
}

}  // namespace

Standardiser::Standardiser(const MatrixXd& rows) : mean(rows.colwise().mean()) {
    const RowVectorXd variance = (rows.rowwise() - mean).colwise().squaredNorm() /
                                 static_cast<double>(std::max<Index>(1, rows.rows()));
    scale = variance.unaryExpr([](double v) { return v > 1e-12 ? 1 / std::sqrt(v) : 0.0; });
}

MatrixXd Standardiser::operator()(const MatrixXd& rows) const {
    return (rows.rowwise() - mean).array().rowwise() * scale.array();
}

LinearRule fit_ridge(const MatrixXd& features, const MatrixXd& targets, const VectorXd& weights,
                     const std::vector<double>& penalties) {
    const DualProblem problem(features * features.transpose(), targets, weights);
    LinearRule rule{MatrixXd(features.cols(), targets.cols()), problem.intercept(), penalties, {}};
    for (const double penalty : std::set<double>(penalties.begin(), penalties.end())) {
        const MatrixXd dual = problem.dual(penalty);
        for (Index t = 0; t < targets.cols(); ++t)
            if (penalties[t] == penalty) rule.weights.col(t) = features.transpose() * dual.col(t);
    }
    // The dual works on centred features; here they are taken as they come.
    const RowVectorXd centre = weights.transpose() * features / weights.sum();
    rule.intercept -= centre * rule.weights;
    return rule;
}

LinearRule fit_ridge(const RidgeTask& task) {
    const auto penalties = penalty_grid();
    const MatrixXd targets = task.targets(-1);
    const auto predictions =
        held_out_predictions(task, task.features * task.features.transpose(), targets.cols(), penalties);
    MatrixXd held_out(targets.rows(), targets.cols());
    std::vector<double> best;
    for (Index t = 0; t < targets.cols(); ++t) {
        std::vector<double> errors;
        for (const auto& predicted : predictions)
            errors.push_back(held_out_error(task, predicted, targets, t));
        const auto place = std::min_element(errors.begin(), errors.end()) - errors.begin();
        best.push_back(penalties[place]);
        held_out.col(t) = predictions[place].col(t);
    }
    LinearRule rule = fit_ridge(task.features, targets, task.weights, best);
    rule.held_out = std::move(held_out);
    return rule;
}

}  // namespace piaa
