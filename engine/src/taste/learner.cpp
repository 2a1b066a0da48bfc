#include "taste/learner.h"

#include <piaa/error.h>

#include "taste/content_features.h"

namespace piaa {
namespace {

PersonalPredictor learn_generic(const Prior& prior, const Observations&, const AdaptOptions&) {
    return {.weights = generic_weights(prior), .covariance = {}, .gate = 0, .noise = prior.noise()};
}

}  // namespace

const std::vector<Learner>& learners() {
    static const std::vector<Learner> all = {
        {.name = "auto", .takes_comparisons = true, .learn = learn_auto, .content = taste_place},
        {.name = "ridge", .learn = learn_ridge},
        {.name = "residual", .learn = learn_residual},
        {.name = "finetune", .learn = learn_finetune},
        {.name = "blg", .learn = learn_blg},
        {.name = "pa", .takes_comparisons = true, .learn = learn_pa},
        {.name = "pa-image", .learn = learn_pa_image, .content = axes_by_attributes},
        {.name = "mt", .takes_comparisons = true, .learn = learn_mt},
        {.name = "pam", .learn = learn_pam, .content = content_features},
        {.name = "fpmf", .learn = learn_fpmf, .content = content_features},
        {.name = "generic", .takes_comparisons = true, .learn = learn_generic}};
    return all;
}

const Learner& find_learner(const std::string& name) {
    std::string names;
    for (const Learner& learner : learners()) {
        if (learner.name == name) return learner;
        names += (names.empty() ? "" : ", ") + learner.name;
    }
    throw Error(ErrorCode::bad_argument, "method is '" + name + "' and should be one of " + names);
}

NormalDistribution weight_prior(const Prior& prior) {
    const auto size = static_cast<Eigen::Index>(prior.weights());
    return {Eigen::Map<const Eigen::VectorXd>(prior.mean().data(), size),
            Eigen::Map<const Eigen::MatrixXd>(prior.covariance().data(), size, size)};
}

Eigen::VectorXd generic_weights(const Prior& prior) {
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(prior.weights()));
    weights[0] = prior.centre();
    weights[1] = 1;
    return weights;
}

}  // namespace piaa
