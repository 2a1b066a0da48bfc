#include "taste/gp_residual.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "taste/gp_fit.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index enough = 30;
/// Variance of the residual beside that of the taste the linear head can express; by cross-validation on
/// OASIS subsets 1 and 2, where 0.25 to 1 make no difference.
constexpr double share = 0.5;

double median_squared_distance(const MatrixXd& places) {
    MatrixXd squared = -2 * places * places.transpose();
    squared.colwise() += places.rowwise().squaredNorm().eval();
    squared.rowwise() += places.rowwise().squaredNorm().transpose().eval();
    std::vector<double> all(squared.data(), squared.data() + squared.size());
    std::nth_element(all.begin(), all.begin() + all.size() / 2, all.end());
    return all[all.size() / 2];
}

}  // namespace

std::optional<GpResidual> learn_gp_residual(const Prior& prior, const Observations& observations,
                                            const Posterior& linear) {
    const Index count = observations.rated.rows();
    if (count < enough || observations.differences.rows() > 0) return {};
    const MatrixXd places = observations.rated.rightCols(observations.rated.cols() - 2);
    const double width = std::sqrt(median_squared_distance(places));
    if (!(width > 0)) return {};
    // Directions have unit variance over people, so this is how much a usual person's taste varies here.
    const double scale = share * places.rowwise().squaredNorm().mean();

    const GpFit fit = fit_gp(prior, observations, scale * KernelExpansion::rbf_kernel(places, places, width));

    const VectorXd better =
        (linear.observed - linear.leave_one_out).head(count).cwiseAbs2() - fit.residuals.cwiseAbs2();
    const double spread =
        std::sqrt((better.array() - better.mean()).square().sum() / static_cast<double>((count - 1) * count));
    if (!(better.mean() > spread)) return {};

    GpResidual result;
    result.weights = fit.weights;
    result.expansion = {.linear = {}, .support_points = places, .dual = scale * fit.dual, .width = width};
    result.leave_one_out = observations.ratings - fit.residuals;
    result.leave_one_out_constant = fit.leave_one_out_constant;
    return result;
}

}  // namespace piaa
