#include "taste/second_stage.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "taste/kernel_fit.h"

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

std::optional<SecondStage> learn_second_stage(const Prior& prior, const Evidence& evidence,
                                              const Posterior& linear) {
    const Index count = evidence.rated.rows();
    if (count < enough || evidence.differences.rows() > 0) return {};
    const MatrixXd places = evidence.rated.rightCols(evidence.rated.cols() - 2);
    const double width = std::sqrt(median_squared_distance(places));
    if (!(width > 0)) return {};
    // Directions have unit variance over people, so this is how much a usual person's taste varies here.
    const double scale = share * places.rowwise().squaredNorm().mean();

    const KernelFit fit = fit_with_kernel(prior, evidence, scale * Likeness::alike(places, places, width));

    const VectorXd better =
        (linear.observed - linear.left_out).head(count).cwiseAbs2() - fit.missed.cwiseAbs2();
    const double spread =
        std::sqrt((better.array() - better.mean()).square().sum() / static_cast<double>((count - 1) * count));
    if (!(better.mean() > spread)) return {};

    SecondStage result;
    result.weights = fit.weights;
    result.likeness = {.linear = {}, .places = places, .pull = scale * fit.dual, .width = width};
    result.left_out = evidence.ratings - fit.missed;
    result.left_out_constant = fit.left_out_constant;
    return result;
}

}  // namespace piaa
