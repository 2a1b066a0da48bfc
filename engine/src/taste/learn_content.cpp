#include <cmath>
#include <limits>

#include <piaa/error.h>

#include "taste/learner.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double usual_width = 4;  // about the square root of how many numbers looks are, in deviations

void need_ratings(const Observations& observations) {
    if (observations.rated.rows() == 0)
        throw Error(ErrorCode::bad_data, "this method learns from ratings and there are none");
}

}  // namespace

/// Kernel regression of what the generic score misses; width and penalty by leave-one-out, which is exact
/// here.
Head learn_pam(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_ratings(observations);
    const Index count = observations.ratings.size();
    Head head{.weights = VectorXd::Zero(observations.rated.cols()),
              .covariance = {},
              .gate = 1,
              .noise = prior.noise};
    head.weights[1] = prior.mean[1];
    const VectorXd missed = observations.ratings - head.weights[1] * observations.rated.col(1);
    head.weights[0] = missed.mean();
    if (count < 2) return head;
    const VectorXd residual = missed.array() - head.weights[0];
    double least = std::numeric_limits<double>::infinity();
    for (const double width : {usual_width * 0.58, usual_width, usual_width * 1.8}) {
        const MatrixXd alike = KernelExpansion::rbf_kernel(observations.content, observations.content, width);
        for (const double penalty : {0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0}) {
            MatrixXd kernel = alike;
            kernel.diagonal().array() += penalty;
            const MatrixXd inverse = kernel.llt().solve(MatrixXd::Identity(count, count));
            const VectorXd pull = inverse * residual;
            const double error = pull.cwiseQuotient(inverse.diagonal()).squaredNorm();
            if (error < least) {
                least = error;
                head.expansion = {
                    .linear = {}, .support_points = observations.content, .dual = pull, .width = width};
            }
        }
    }
    return head;
}

/// A person's weights on the population's factors, under the normal prior learned with them.
Head learn_fpmf(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_ratings(observations);
    const auto size = static_cast<Index>(prior.factor_mean.size());
    if (size < 2)
        throw Error(ErrorCode::bad_argument,
                    "this prior has no factors, which this method needs: make it anew with piaa-batch train "
                    "prior");
    const MatrixXd factors =
        Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            prior.factors.data(), size - 1, observations.content.cols())
            .cast<double>();
    Observations plain{.rated = MatrixXd(observations.rated.rows(), size),
                       .ratings = observations.ratings,
                       .differences = MatrixXd(0, size),
                       .weights = VectorXd(0)};
    plain.rated << VectorXd::Ones(observations.rated.rows()), observations.content * factors.transpose();
    const NormalDistribution belief{Eigen::Map<const VectorXd>(prior.factor_mean.data(), size),
                                    Eigen::Map<const MatrixXd>(prior.factor_covariance.data(), size, size)};
    const VectorXd person = learn_weights(belief, prior.factor_noise, plain).belief.mean;
    Head head{.weights = VectorXd::Zero(observations.rated.cols()),
              .covariance = {},
              .gate = 1,
              .noise = prior.factor_noise};
    head.weights[0] = person[0];
    head.expansion.linear = factors.transpose() * person.tail(size - 1);
    return head;
}

}  // namespace piaa
