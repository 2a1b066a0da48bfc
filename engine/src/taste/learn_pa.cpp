#include <array>

#include <piaa/error.h>

#include "taste/gp_fit.h"
#include "taste/learner.h"
#include "taste/style_network.h"

namespace piaa {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// How much a person's weights on the axes may vary with the photo, as the variance of one part of U beside
/// that of a usual W_b's; the ratings choose, each told from the others. 0: not at all.
constexpr std::array image_shares{0.0, 0.003, 0.01, 0.03, 0.1, 0.3};

void need_style(const Prior& prior, const std::string& method) {
    if (!prior.style() || prior.style()->kind != method)
        throw Error(ErrorCode::bad_argument,
                    "method " + method + " starts from a style network and the prior is " +
                        (prior.style() ? "that of method " + prior.style()->kind : "without one") +
                        ": it should be made by piaa-batch train " + method);
}

}  // namespace

// Inter-task fusion: rating = generic + W_b . axes, W_b five numbers of one person. The prior's directions
// are the axes, so this is the posterior of W_b, and the gate of "auto" keeps it from being worse than
// generic.
PersonalPredictor learn_pa(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_style(prior, "pa");
    return learn_first_stage(prior, observations);
}

PersonalPredictor learn_mt(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_style(prior, "mt");
    return learn_first_stage(prior, observations);
}

VectorXd axes_by_attributes(const Prior& prior, std::span<const float> row) {
    const auto axes = static_cast<Index>(prior.directions());
    const auto attributes = static_cast<Index>(attribute_count);
    const AttributeNorms& norms = attribute_norms();
    VectorXd products(axes * attributes);
    for (Index i = 0; i < axes; ++i)
        for (Index j = 0; j < attributes; ++j)
            products[i * attributes + j] =
                row[1 + i] * (row[1 + axes + j] - norms.mean[j]) / norms.deviation[j];
    return products;
}

// The authors' code lets the photo itself say how much each axis counts, by a network of two layers, which a
// few ratings cannot train. Here it is linear, W_b = c + U z with z the photo's attributes: five numbers of
// one person and seventy, in one closed form.
PersonalPredictor learn_pa_image(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    need_style(prior, "pa");
    if (observations.rated.rows() == 0)
        throw Error(ErrorCode::bad_data, "this method learns from ratings and there are none");
    PersonalPredictor predictor = learn_first_stage(prior, observations);
    const double usual =
        weight_prior(prior).covariance.diagonal().tail(static_cast<Index>(prior.directions())).mean();
    const MatrixXd alike = usual * observations.content * observations.content.transpose();
    GpFit best = fit_gp(prior, observations, 0 * alike);
    double best_share = 0;
    for (const double share : image_shares) {
        GpFit fit = fit_gp(prior, observations, share * alike);
        if (fit.residuals.squaredNorm() >= best.residuals.squaredNorm()) continue;
        best = std::move(fit);
        best_share = share;
    }
    predictor.weights = best.weights;
    predictor.expansion.linear = best_share * usual * observations.content.transpose() * best.dual;
    predictor.leave_one_out = observations.ratings - best.residuals - best.leave_one_out_constant;
    return predictor;
}

}  // namespace piaa
