#include <cmath>
#include <limits>

#include <piaa/error.h>

#include "taste/content_features.h"
#include "taste/learner.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double usual_width = 4;  // about the square root of how many numbers content is, in deviations

void need_ratings(const Observations& observations) {
    if (observations.rated.rows() == 0)
        throw Error(ErrorCode::bad_data, "this method learns from ratings and there are none");
}

}  // namespace

/// Kernel regression of what the generic score misses; width and penalty by leave-one-out, which is exact
/// here.
PersonalPredictor learn_pam(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_ratings(observations);
    const Index count = observations.ratings.size();
    PersonalPredictor predictor{.weights = VectorXd::Zero(observations.rated.cols()),
                                .covariance = {},
                                .gate = 1,
                                .noise = prior.noise()};
    predictor.weights[1] = prior.mean()[1];
    const VectorXd beside_generic = observations.ratings - predictor.weights[1] * observations.rated.col(1);
    predictor.weights[0] = beside_generic.mean();
    if (count < 2) return predictor;
    const VectorXd residual = beside_generic.array() - predictor.weights[0];
    double least = std::numeric_limits<double>::infinity();
    for (const double width : {usual_width * 0.58, usual_width, usual_width * 1.8}) {
        const MatrixXd alike = KernelExpansion::rbf_kernel(observations.content, observations.content, width);
        for (const double penalty : {0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0}) {
            MatrixXd kernel = alike;
            kernel.diagonal().array() += penalty;
            const MatrixXd inverse = kernel.llt().solve(MatrixXd::Identity(count, count));
            const VectorXd dual = inverse * residual;
            const double error = dual.cwiseQuotient(inverse.diagonal()).squaredNorm();
            if (error < least) {
                least = error;
                predictor.expansion = {
                    .linear = {}, .support_points = observations.content, .dual = dual, .width = width};
            }
        }
    }
    return predictor;
}

/// A person's weights on the population's factors, under the normal prior learned with them.
PersonalPredictor learn_fpmf(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_ratings(observations);
    const ContentPrior& content = content_of(prior);
    const auto size = static_cast<Index>(content.factor_mean.size());
    const MatrixXd factors =
        Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            content.factors.data(), size - 1, observations.content.cols())
            .cast<double>();
    Observations plain{.rated = MatrixXd(observations.rated.rows(), size),
                       .ratings = observations.ratings,
                       .differences = MatrixXd(0, size),
                       .weights = VectorXd(0)};
    plain.rated << VectorXd::Ones(observations.rated.rows()), observations.content * factors.transpose();
    const NormalDistribution known{Eigen::Map<const VectorXd>(content.factor_mean.data(), size),
                                   Eigen::Map<const MatrixXd>(content.factor_covariance.data(), size, size)};
    const VectorXd person = learn_weights(known, content.factor_noise, plain).posterior.mean;
    PersonalPredictor predictor{.weights = VectorXd::Zero(observations.rated.cols()),
                                .covariance = {},
                                .gate = 1,
                                .noise = content.factor_noise};
    predictor.weights[0] = person[0];
    predictor.expansion.linear = factors.transpose() * person.tail(size - 1);
    return predictor;
}

}  // namespace piaa
