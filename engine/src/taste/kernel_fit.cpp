#include "taste/kernel_fit.h"

#include "taste/learner.h"

namespace piaa {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

KernelFit fit_with_kernel(const Prior& prior, const Evidence& evidence, const MatrixXd& kernel) {
    const Index count = evidence.rated.rows();
    const Belief before = belief(prior);
    const MatrixXd cross = before.covariance * evidence.rated.transpose();
    MatrixXd all = evidence.rated * cross + kernel;
    all.diagonal().array() += prior.noise;
    const MatrixXd inverse = all.llt().solve(MatrixXd::Identity(count, count));

    KernelFit fit;
    fit.dual = inverse * (evidence.ratings - evidence.rated * before.mean);
    fit.weights = before.mean + cross * fit.dual;
    fit.missed = fit.dual.cwiseQuotient(inverse.diagonal());
    // Without rating i the dual is smaller by column i of the inverse times what was missed.
    fit.left_out_constant = VectorXd::Constant(count, fit.weights[0]) -
                            (cross.row(0) * inverse).transpose().cwiseProduct(fit.missed);
    return fit;
}

}  // namespace piaa
