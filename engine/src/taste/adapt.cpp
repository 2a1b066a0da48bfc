#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include <piaa/adapt.h>
#include <piaa/error.h>

#include "model/familiarity.h"
#include "model/model_impl.h"
#include "taste/design_row.h"
#include "taste/held_out.h"
#include "taste/learner.h"
#include "taste/stars.h"
#include "taste/style_network.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// How five style axes go with five traits: Pearson correlations of real people's questionnaires and their
/// choices between pictures of both ends of an axis, rows axes, columns traits (Rodriguez et al. 2020, 280
/// people).
constexpr double choice_by_trait[trait_count][trait_count] = {{.213, -.036, -.057, -.013, .022},
                                                              {-.057, .127, -.072, .070, .007},
                                                              {-.006, -.069, .222, .021, .010},
                                                              {.036, .004, .125, .147, .067},
                                                              {.044, -.031, .027, -.098, .066}};
/// Of those correlations so much is believed: our axes are weaker than the pictures that people chose
/// between.
constexpr double believed = 0.3;
/// On -1 to 1, a deviation of people's traits: about 0.8 points of the questionnaire's five.
constexpr double trait_deviation = 0.4;

/// What the questionnaire lets expect of the person's weights on the style axes, before any rating.
/// Nothing without a questionnaire, or with a prior that it says nothing of.
std::optional<Prior> prior_of_traits(const Prior& general, const UserProfile& profile) {
    if (!profile.traits() || general.style() == nullptr || general.style()->kind != "pa") return std::nullopt;
    PriorParts parts = general.parts();
    const Eigen::VectorXd usual = weight_prior(general).covariance.diagonal().cwiseSqrt();
    for (std::size_t axis = 0; axis < trait_count; ++axis)
        for (std::size_t trait = 0; trait < trait_count; ++trait)
            parts.mean[2 + axis] += believed * choice_by_trait[axis][trait] *
                                    usual[static_cast<Index>(2 + axis)] * (*profile.traits())[trait] /
                                    trait_deviation;
    return Prior(std::move(parts));
}

/// The events as rows, sorted by photo so that their order cannot matter.
Observations gather(const Prior& prior, const UserProfile& profile, const Learner& learner) {
    std::map<std::string, std::vector<double>> ratings;
    std::vector<std::tuple<std::string, std::string, double>> comparisons;
    for (const Feedback& event : profile.events()) {
        if (event.kind == FeedbackKind::rating)
            ratings[event.photo].push_back(event.value);
        else
            comparisons.emplace_back(event.photo, event.other, event.value);
    }
    std::sort(comparisons.begin(), comparisons.end());

    const auto row = [&](const std::string& photo) { return design_row(prior, profile.rows().at(photo)); };
    const auto size = static_cast<Index>(prior.weights());
    Observations observations;
    observations.rated.resize(static_cast<Index>(ratings.size()), size);
    observations.ratings.resize(static_cast<Index>(ratings.size()));
    if (learner.content != nullptr) observations.content = content_of_rated(prior, profile, learner.content);
    Index i = 0;
    for (auto& [photo, values] : ratings) {
        std::sort(values.begin(), values.end());
        observations.rated.row(i) = row(photo);
        observations.ratings[i++] = Eigen::Map<const VectorXd>(values.data(), Index(values.size())).mean();
    }
    observations.differences.resize(static_cast<Index>(comparisons.size()), size);
    observations.weights.resize(static_cast<Index>(comparisons.size()));
    i = 0;
    for (const auto& [preferred, other, weight] : comparisons) {
        observations.differences.row(i) = row(preferred) - row(other);
        observations.weights[i++] = weight;
    }
    return observations;
}

template <typename Matrix>
LearnedTensor learned(const Matrix& matrix, std::vector<std::int64_t> shape) {
    return {std::move(shape), std::vector<float>(matrix.data(), matrix.data() + matrix.size())};
}

Learned describe(const Learner& learner, const Prior& prior, const PersonalPredictor& predictor) {
    Learned result;
    result.method = learner.name;
    result.prior = prior.hash();
    const auto size = static_cast<std::int64_t>(predictor.weights.size());
    result.tensors["weights"] = learned(predictor.weights, {size});
    if (predictor.covariance.size() > 0)
        result.tensors["covariance"] = learned(predictor.covariance, {size, size});
    keep_expansion(predictor.expansion, result);
    result.numbers["gate"] = predictor.gate;
    result.numbers["noise"] = predictor.noise;
    return result;
}

}  // namespace

const std::vector<std::string>& adapt_methods() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Learner& learner : learners()) all.push_back(learner.name);
        return all;
    }();
    return names;
}

UserProfile adapt(const Prior& prior, const UserProfile& profile, const AdaptOptions& options) {
    const Learner& learner = find_learner(options.method);
    const std::optional<Prior> own = prior_of_traits(prior, profile);
    const Prior& expected = own ? *own : prior;
    const Observations observations = gather(expected, profile, learner);
    const PersonalPredictor predictor = learner.learn(expected, observations, options);
    Learned result = describe(learner, prior, predictor);
    result.numbers["ten_more"] = gain_of_ten_more(expected, observations, predictor);
    const auto held_out = held_out_predictions(learner, expected, observations, options, predictor);
    if (held_out) result.agreement = held_out_agreement(observations, predictor, *held_out);
    UserProfile adapted = profile;
    adapted.set_learned(std::move(result));
    keep_star_choice(profile, adapted);
    if (held_out && stars_like_ratings(profile)) {
        const VectorXd generic = observations.rated.col(1).array() + prior.centre();
        const VectorXd personal = held_out->array() + predictor.weights[0];
        const VectorXd predicted = generic + predictor.gate * (personal - generic);
        add_stars_as_given(predicted, observations.ratings, adapted);
    }
    return adapted;
}

PersonalPrediction predict(const Prior& prior, const UserProfile& profile, std::span<const float> row) {
    const Learned& learned = profile.learned();
    if (learned.method.empty())
        throw Error(ErrorCode::bad_profile, "profile has learned nothing yet: adapt it first");
    if (learned.prior != prior.hash())
        throw Error(ErrorCode::bad_profile, "profile was learned with the prior " + learned.prior +
                                                " and this prior is " + prior.hash() +
                                                ": learn it again with adapt --migrate");
    const VectorXd x = design_row(prior, row);
    const auto weights = learned.weights(prior.weights());
    const double personal =
        x.dot(Eigen::Map<const Eigen::VectorXf>(weights.data(), x.size()).cast<double>()) +
        kernel_expansion(prior, profile, row);
    const double gate = learned.gate();

    PersonalPrediction prediction;
    prediction.rating = row[0] + gate * (personal - row[0]);
    double variance = 0;
    prediction.trust = gate;
    if (const auto values = learned.covariance(prior.weights()); !values.empty()) {
        const MatrixXd covariance =
            Eigen::Map<const Eigen::MatrixXf>(values.data(), x.size(), x.size()).cast<double>();
        variance = std::max(0.0, x.dot(covariance * x));
        const double before = x.dot(weight_prior(prior).covariance * x);
        prediction.trust = gate * std::clamp(1 - variance / before, 0.0, 1.0);
    }
    prediction.deviation = std::sqrt(std::max(0.0, learned.noise() + variance));
    return prediction;
}

Score score(const Model& model, const Prior& prior, const UserProfile& profile, const Features& features) {
    Score result = score(model, features);
    const auto row = feature_row(model, prior, features);
    const PersonalPrediction prediction = predict(prior, profile, row);
    result.trust = prediction.trust;
    if (prediction.trust > 0) {
        result.score = std::clamp(1 + 9 * prediction.rating, 1.0, 10.0);
        result.spread = std::hypot(9 * prediction.deviation,
                                   std::sqrt(unfamiliarity(model, features, result.flags).variance));
    }
    if (!result.stars) return result;
    const auto own = star_thresholds(profile);
    result.stars = own ? stars_at(*own, result.score) : stars_of(model, result.score);
    return result;
}

}  // namespace piaa
