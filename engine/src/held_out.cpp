#include "held_out.h"

#include <algorithm>
#include <cmath>

#include <piaa/statistics.h>

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

/// Every tenth rating predicted by a head learned from the others.
VectorXd predict_folds(const Learner& learner, const Prior& prior, const Evidence& evidence,
                       const AdaptOptions& options) {
    const Index count = evidence.ratings.size();
    const Index parts = std::min<Index>(folds, count);
    VectorXd predicted(count);
    for (Index part = 0; part < parts; ++part) {
        std::vector<Index> kept;
        std::vector<Index> held;
        for (Index i = 0; i < count; ++i) (i % parts == part ? held : kept).push_back(i);
        Evidence rest = evidence;
        rest.rated = evidence.rated(kept, Eigen::all);
        rest.ratings = evidence.ratings(kept);
        if (learner.look != nullptr) rest.looks = evidence.looks(kept, Eigen::all);
        Head head = learner.learn(prior, rest, options);
        head.weights[0] = 0;
        predicted(held) = evidence.rated(held, Eigen::all) * head.weights;
        if (!head.likeness.empty()) predicted(held) += head.likeness(evidence.looks(held, Eigen::all));
    }
    return predicted;
}

}  // namespace

std::optional<Agreement> held_out_agreement(const Learner& learner, const Prior& prior,
                                            const Evidence& evidence, const AdaptOptions& options,
                                            const Head& head) {
    const Index count = evidence.ratings.size();
    if (count < fewest_ratings || evidence.ratings.maxCoeff() == evidence.ratings.minCoeff()) return {};
    const VectorXd personal =
        head.left_out.size() > 0 ? head.left_out : predict_folds(learner, prior, evidence, options);
    const VectorXd generic = evidence.rated.col(1);
    const VectorXd given = standard_ranks(evidence.ratings);
    const VectorXd blended = standard_ranks(generic + head.gate * (personal - generic));
    const VectorXd plain = standard_ranks(generic);

    Agreement agreement;
    agreement.photos = count;
    agreement.value = given.dot(blended) / static_cast<double>(count);
    const double z = std::atanh(std::clamp(agreement.value, -0.999, 0.999));
    const double margin = normal_95 * fisher_standard_error(agreement.value, static_cast<std::size_t>(count));
    agreement.low = std::tanh(z - margin);
    agreement.high = std::tanh(z + margin);
    agreement.gain = agreement.value - given.dot(plain) / static_cast<double>(count);
    const VectorXd pull = influence(given, blended) - influence(given, plain);
    const double spread = std::sqrt((pull.array() - pull.mean()).square().sum() /
                                    static_cast<double>(count - 1) / static_cast<double>(count));
    agreement.gain_low = agreement.gain - normal_95 * spread;
    agreement.gain_high = agreement.gain + normal_95 * spread;
    return agreement;
}

double gain_of_ten_more(const Prior& prior, const Evidence& evidence, const Head& head) {
    const Index size = head.weights.size();
    const Index count = evidence.rated.rows();
    if (head.covariance.size() == 0 || count < 2) return 0;
    // The constant moves all photos alike, so it has no part in their order.
    const MatrixXd rows =
        evidence.rated.rightCols(size - 1).rowwise() - evidence.rated.rightCols(size - 1).colwise().mean();
    const auto variance = [&](const MatrixXd& covariance) {
        return (rows * covariance.bottomRightCorner(size - 1, size - 1)).cwiseProduct(rows).sum() /
               static_cast<double>(count);
    };
    const Belief before = belief(prior);
    const double total = (rows * before.mean.tail(size - 1)).squaredNorm() / static_cast<double>(count) +
                         variance(before.covariance) + prior.noise;
    const auto correlation = [&](const MatrixXd& covariance) {
        return std::sqrt(std::clamp(1 - (variance(covariance) + prior.noise) / total, 0.0, 1.0));
    };
    MatrixXd later = head.covariance;
    for (Index i = 0; i < 10; ++i) {
        const VectorXd x = evidence.rated.row(i * count / 10 % count);
        const VectorXd q = later * x;
        later -= q * q.transpose() / (prior.noise + x.dot(q));
    }
    return head.gate * std::max(0.0, correlation(later) - correlation(head.covariance));
}

}  // namespace piaa
