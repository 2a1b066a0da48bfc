#include "taste/held_out.h"

#include <algorithm>
#include <cmath>

#include <piaa/statistics.h>

#include "math/indexing.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index fewest_ratings = 5;
constexpr int folds = 10;
constexpr double normal_95 = 1.96;

VectorXd standard_ranks(const VectorXd& values) {
    const auto ranks = mid_ranks({values.data(), static_cast<std::size_t>(values.size())});
    VectorXd result = Eigen::Map<const VectorXd>(ranks.data(), values.size());
    result.array() -= result.mean();
    const double deviation = std::sqrt(result.squaredNorm() / static_cast<double>(result.size()));
    return deviation > 0 ? VectorXd(result / deviation) : VectorXd::Zero(result.size());
}

/// How each photo pulls the rank correlation of two lists (its influence function).
VectorXd influence(const VectorXd& a, const VectorXd& b) {
    const double correlation = a.dot(b) / static_cast<double>(a.size());
    return a.array() * b.array() - correlation / 2 * (a.array().square() + b.array().square());
}

/// Every tenth rating predicted by a predictor learned from the others.
VectorXd predict_folds(const Learner& learner, const Prior& prior, const Observations& observations,
                       const AdaptOptions& options) {
    const Index count = observations.ratings.size();
    const Index parts = std::min<Index>(folds, count);
    VectorXd predicted(count);
    for (Index part = 0; part < parts; ++part) {
        std::vector<Index> kept;
        std::vector<Index> held;
        for (Index i = 0; i < count; ++i) (i % parts == part ? held : kept).push_back(i);
        Observations rest = observations;
        rest.rated = observations.rated(kept, indexing::all);
        rest.ratings = observations.ratings(kept);
        if (learner.content != nullptr) rest.content = observations.content(kept, indexing::all);
        PersonalPredictor predictor = learner.learn(prior, rest, options);
        predictor.weights[0] = 0;
        predicted(held) = observations.rated(held, indexing::all) * predictor.weights;
        if (!predictor.expansion.empty())
            predicted(held) += predictor.expansion(observations.content(held, indexing::all));
    }
    return predicted;
}

}  // namespace

std::optional<VectorXd> held_out_predictions(const Learner& learner, const Prior& prior,
                                             const Observations& observations, const AdaptOptions& options,
                                             const PersonalPredictor& predictor) {
    const Index count = observations.ratings.size();
    if (count < fewest_ratings || observations.ratings.maxCoeff() == observations.ratings.minCoeff())
        return {};
    return predictor.leave_one_out.size() > 0 ? predictor.leave_one_out
                                              : predict_folds(learner, prior, observations, options);
}

Agreement held_out_agreement(const Observations& observations, const PersonalPredictor& predictor,
                             const VectorXd& personal) {
    const Index count = observations.ratings.size();
    const VectorXd generic = observations.rated.col(1);
    const VectorXd given = standard_ranks(observations.ratings);
    const VectorXd blended = standard_ranks(generic + predictor.gate * (personal - generic));
    const VectorXd plain = standard_ranks(generic);

    Agreement agreement;
    agreement.photos = count;
    agreement.value = given.dot(blended) / static_cast<double>(count);
    const double z = std::atanh(std::clamp(agreement.value, -0.999, 0.999));
    const double margin = normal_95 * fisher_standard_error(agreement.value, static_cast<std::size_t>(count));
    agreement.low = std::tanh(z - margin);
    agreement.high = std::tanh(z + margin);
    agreement.gain = agreement.value - given.dot(plain) / static_cast<double>(count);
    const VectorXd change = influence(given, blended) - influence(given, plain);
    const double spread = std::sqrt((change.array() - change.mean()).square().sum() /
                                    static_cast<double>(count - 1) / static_cast<double>(count));
    agreement.gain_low = agreement.gain - normal_95 * spread;
    agreement.gain_high = agreement.gain + normal_95 * spread;
    return agreement;
}

double gain_of_ten_more(const Prior& prior, const Observations& observations,
                        const PersonalPredictor& predictor) {
    if (predictor.covariance.size() == 0) return 0;
    // Without ratings, the distance of two compared photos stands for that of photos from their mean.
    const bool rated = observations.ratings.size() > 1;
    const MatrixXd rows = rated ? observations.rated : MatrixXd(observations.differences * std::sqrt(0.5));
    const auto count = static_cast<double>(rows.rows());
    if (count < 1) return 0;
    // The constant moves all photos alike, so it has no part in their order.
    const MatrixXd places = rated ? MatrixXd(rows.rowwise() - rows.colwise().mean()) : rows;
    /// Mean variance of the photos' places when each rated photo counts `weight` times and tells nothing of
    /// itself: photos not rated are as uncertain as these would be.
    const auto uncertainty = [&](const MatrixXd& covariance, double weight) {
        double sum = 0;
        for (Index i = 0; i < rows.rows(); ++i) {
            const VectorXd q = covariance * places.row(i).transpose();
            sum += places.row(i).dot(q);
            if (!rated) continue;
            const double own = rows.row(i) * covariance * rows.row(i).transpose();
            const double along = rows.row(i).dot(q);
            sum += along * along / std::max(prior.noise() / weight - own, 1e-9 * prior.noise());
        }
        return sum / count;
    };
    const NormalDistribution before = weight_prior(prior);
    const double noise = predictor.noise > 0 ? predictor.noise : prior.noise();
    const double total =
        ((places * before.mean).squaredNorm() + (places * before.covariance).cwiseProduct(places).sum()) /
            count +
        noise;
    const auto correlation = [&](double uncertain) {
        return std::sqrt(std::clamp(1 - (uncertain + noise) / total, 0.0, 1.0));
    };
    const double share = 10 / count;  // ten more photos like these
    const Index size = predictor.weights.size();
    const MatrixXd identity = MatrixXd::Identity(size, size);
    const MatrixXd precision =
        predictor.covariance.llt().solve(identity) + share / prior.noise() * rows.transpose() * rows;
    const double gain = correlation(uncertainty(precision.llt().solve(identity), 1 + share)) -
                        correlation(uncertainty(predictor.covariance, 1));
    const bool unheard = observations.differences.rows() == 0 &&
                         (!rated || observations.ratings.maxCoeff() == observations.ratings.minCoeff());
    return (unheard ? 1 : predictor.gate) * std::max(0.0, gain);
}

}  // namespace piaa
