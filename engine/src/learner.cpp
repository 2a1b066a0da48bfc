#include "learner.h"

#include <piaa/error.h>

namespace piaa {
namespace {

Head learn_generic(const Prior& prior, const Evidence&, const AdaptOptions&) {
    return {.weights = generic_weights(prior), .covariance = {}, .gate = 0, .noise = prior.noise};
}

}  // namespace

const std::vector<Learner>& learners() {
    static const std::vector<Learner> all = {{"auto", true, learn_auto},
                                             {"ridge", false, learn_ridge},
                                             {"residual", false, learn_residual},
                                             {"finetune", false, learn_finetune},
                                             {"blg", false, learn_blg},
                                             {"pa", true, learn_pa},
                                             {"mt", true, learn_mt},
                                             {"generic", true, learn_generic}};
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

Belief belief(const Prior& prior) {
    const auto size = static_cast<Eigen::Index>(prior.weights());
    return {Eigen::Map<const Eigen::VectorXd>(prior.mean.data(), size),
            Eigen::Map<const Eigen::MatrixXd>(prior.covariance.data(), size, size)};
}

Eigen::VectorXd generic_weights(const Prior& prior) {
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(prior.weights()));
    weights[0] = prior.centre;
    weights[1] = 1;
    return weights;
}

}  // namespace piaa
