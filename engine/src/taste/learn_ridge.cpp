#include <cmath>
#include <limits>

#include <piaa/error.h>

#include "taste/learner.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int penalties = 13;  ///< log-spaced from 1e-3 to 1e3, in units of the mean eigenvalue

/// Ridge regression with intercept; the penalty with the least leave-one-out error. Returns the weights of
/// the columns.
VectorXd ridge(const MatrixXd& columns, const VectorXd& targets) {
    const Index count = columns.rows();
    if (count < 2) return VectorXd::Zero(columns.cols());
    const MatrixXd centred = columns.rowwise() - columns.colwise().mean();
    const VectorXd y = targets.array() - targets.mean();
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(centred * centred.transpose());
    // The first eigenvector is the constant one that centring removed.
    const VectorXd values = eigen.eigenvalues().tail(count - 1).cwiseMax(0);
    const MatrixXd vectors = eigen.eigenvectors().rightCols(count - 1);
    const double scale = values.sum() / static_cast<double>(count);
    if (!(scale > 0)) return VectorXd::Zero(columns.cols());
    const VectorXd rotated = vectors.transpose() * y;

    double least = std::numeric_limits<double>::infinity();
    VectorXd best;
    for (int i = 0; i < penalties; ++i) {
        const double penalty = scale * std::pow(10, -3 + 0.5 * i);
        const VectorXd inverse = (values.array() + penalty).inverse();
        const VectorXd dual = vectors * inverse.cwiseProduct(rotated);
        const VectorXd left_over = vectors.array().square().matrix() * inverse;
        const double error = dual.cwiseQuotient(left_over).squaredNorm();
        if (error < least) {
            least = error;
            best = dual;
        }
    }
    return centred.transpose() * best;
}

void need_ratings(const Observations& observations) {
    if (observations.rated.rows() == 0)
        throw Error(ErrorCode::bad_data, "this method learns from ratings and there are none");
}

/// Puts the intercept so that the mean prediction is the mean rating.
PersonalPredictor with_intercept(const Prior& prior, const Observations& observations, VectorXd weights) {
    weights[0] = 0;
    weights[0] = (observations.ratings - observations.rated * weights).mean();
    return {.weights = std::move(weights), .covariance = {}, .gate = 1, .noise = prior.noise()};
}

}  // namespace

PersonalPredictor learn_ridge(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_ratings(observations);
    // The generic score weighs as much as all taste directions together.
    MatrixXd columns = observations.rated.rightCols(observations.rated.cols() - 1);
    const MatrixXd centred = columns.rowwise() - columns.colwise().mean();
    const double generic = centred.col(0).squaredNorm();
    const double taste = centred.rightCols(centred.cols() - 1).squaredNorm();
    const double scale = generic > 0 ? std::sqrt(taste / generic) : 0;
    columns.col(0) *= scale;
    VectorXd weights(observations.rated.cols());
    weights.tail(columns.cols()) = ridge(columns, observations.ratings);
    weights[1] *= scale;
    return with_intercept(prior, observations, std::move(weights));
}

PersonalPredictor learn_residual(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_ratings(observations);
    const Index directions = observations.rated.cols() - 2;
    VectorXd weights = VectorXd::Zero(observations.rated.cols());
    weights[1] = prior.mean()[1];
    weights.tail(directions) = ridge(observations.rated.rightCols(directions),
                                     observations.ratings - weights[1] * observations.rated.col(1));
    return with_intercept(prior, observations, std::move(weights));
}

}  // namespace piaa
