#include <piaa/error.h>

#include "math/adam.h"
#include "taste/learner.h"

namespace piaa {
namespace {

constexpr int steps = 20;
constexpr double learning_rate = 1e-2;

PersonalPredictor fine_tune(const Prior& prior, const Observations& observations, Eigen::VectorXd weights) {
    if (observations.rated.rows() == 0)
        throw Error(ErrorCode::bad_data, "this method learns from ratings and there are none");
    Adam adam(weights.size(), AdamOptions::pytorch(learning_rate));
    minimise(adam, steps, observations.rated, observations.ratings, weights);
    return {.weights = std::move(weights), .covariance = {}, .gate = 1, .noise = prior.noise()};
}

}  // namespace

PersonalPredictor learn_finetune(const Prior& prior, const Observations& observations, const AdaptOptions&) {
    return fine_tune(prior, observations, generic_weights(prior));
}

PersonalPredictor learn_blg(const Prior& prior, const Observations& observations,
                            const AdaptOptions& options) {
    if (options.start.size() != prior.weights())
        throw Error(ErrorCode::bad_argument,
                    "method blg starts from " + std::to_string(options.start.size()) +
                        " meta-learned weights and should start from " + std::to_string(prior.weights()));
    return fine_tune(prior, observations,
                     Eigen::Map<const Eigen::VectorXd>(options.start.data(),
                                                       static_cast<Eigen::Index>(options.start.size())));
}

}  // namespace piaa
