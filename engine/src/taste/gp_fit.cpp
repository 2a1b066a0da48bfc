#include "taste/gp_fit.h"

#include "taste/learner.h"

namespace piaa {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

GpFit fit_gp(const Prior& prior, const Observations& observations, const MatrixXd& kernel) {
    const Index count = observations.rated.rows();
    const NormalDistribution before = weight_prior(prior);
    const MatrixXd cross = before.covariance * observations.rated.transpose();
    MatrixXd all = observations.rated * cross + kernel;
    all.diagonal().array() += prior.noise();
    const MatrixXd inverse = all.llt().solve(MatrixXd::Identity(count, count));

    GpFit fit;
    fit.dual = inverse * (observations.ratings - observations.rated * before.mean);
    fit.weights = before.mean + cross * fit.dual;
    fit.residuals = fit.dual.cwiseQuotient(inverse.diagonal());
    // Without rating i the dual is smaller by column i of the inverse times what was residuals.
    fit.leave_one_out_constant = VectorXd::Constant(count, fit.weights[0]) -
                                 (cross.row(0) * inverse).transpose().cwiseProduct(fit.residuals);
    return fit;
}

}  // namespace piaa
