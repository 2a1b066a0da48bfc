#include "taste/posterior.h"

#include <cmath>
#include <numbers>

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// pdf(z) / cdf(z) of the standard normal, stable far below zero.
double inverse_mills(double z) {
    if (z < -6) {
        // Continued fraction of the upper tail: pdf / cdf(z) = x + 1/(x + 2/(x + 3/...)) with x = -z.
        double tail = -z;
        for (int k = 30; k > 0; --k) tail = -z + k / tail;
        return tail;
    }
    const double pdf = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    return pdf / (0.5 * std::erfc(-z / std::numbers::sqrt2));
}

/// The posterior in a form that takes observations one by one, and takes them back.
class Accumulator {
public:
    explicit Accumulator(const NormalDistribution& prior)
        : covariance_(prior.covariance), information_(prior.covariance.ldlt().solve(prior.mean)) {}

    double mean(const VectorXd& x) const { return x.dot(covariance_ * information_); }
    double variance(const VectorXd& x) const { return x.dot(covariance_ * x); }

    /// Adds an observation of weights . x with this precision and precision * value.
    void add(const VectorXd& x, double precision, double precise_value) {
        const VectorXd q = covariance_ * x;
        covariance_ -= precision / (1 + precision * x.dot(q)) * q * q.transpose();
        information_ += precise_value * x;
    }

    NormalDistribution posterior() const { return {covariance_ * information_, covariance_}; }

private:
    MatrixXd covariance_;
    VectorXd information_;  ///< inverse covariance times mean
};

/// The exact posterior after ratings.
NormalDistribution after_ratings(const NormalDistribution& prior, double noise,
                                 const Observations& observations) {
    if (observations.rated.rows() == 0) return prior;
    const MatrixXd cross = observations.rated * prior.covariance;
    MatrixXd spread = cross * observations.rated.transpose();
    spread.diagonal().array() += noise;
    const Eigen::LLT<MatrixXd> factor(spread);
    const VectorXd residual = observations.ratings - observations.rated * prior.mean;
    return {prior.mean + cross.transpose() * factor.solve(residual),
            prior.covariance - cross.transpose() * factor.solve(cross)};
}

/// The normal observation that stands for a comparison.
struct Site {
    double precision = 0;
    double precise_value = 0;
};

constexpr int most_sweeps = 50;
constexpr double settled = 1e-10;

/// Moments of a normal cut by a probit, as the site that turns the one into the other.
Site match_probit(double mean, double variance, double noise) {
    const double scale = std::sqrt(variance + noise);
    const double z = mean / scale;
    const double ratio = inverse_mills(z);
    const double new_mean = mean + variance * ratio / scale;
    const double new_variance = variance - variance * variance * ratio * (z + ratio) / (scale * scale);
    return {1 / new_variance - 1 / variance, new_mean / new_variance - mean / variance};
}

std::vector<Site> add_comparisons(Accumulator& state, double noise, const Observations& observations) {
    std::vector<Site> sites(observations.differences.rows());
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        double change = 0;
        for (std::size_t i = 0; i < sites.size(); ++i) {
            const VectorXd x = observations.differences.row(i);
            const double variance = state.variance(x);
            if (!(variance > 0)) continue;
            const double cavity_precision = 1 / variance - sites[i].precision;
            if (!(cavity_precision > 0)) continue;
            const double cavity_mean = (state.mean(x) / variance - sites[i].precise_value) / cavity_precision;
            const Site site = match_probit(cavity_mean, 1 / cavity_precision,
                                           2 * noise / observations.weights[static_cast<Index>(i)]);
            state.add(x, site.precision - sites[i].precision, site.precise_value - sites[i].precise_value);
            change = std::max(change, std::abs(site.precise_value - sites[i].precise_value));
            sites[i] = site;
        }
        if (change < settled) break;
    }
    return sites;
}

}  // namespace

Posterior learn_weights(const NormalDistribution& prior, double noise, const Observations& observations) {
    Posterior result;
    Accumulator state(after_ratings(prior, noise, observations));
    const auto sites = add_comparisons(state, noise, observations);
    result.posterior = state.posterior();

    const Index ratings = observations.rated.rows();
    const Index count = observations.count();
    result.leave_one_out.resize(count);
    result.observed.resize(count);
    result.variance.resize(count);
    result.leave_one_out_variance.resize(count);
    result.leave_one_out_weights.resize(ratings, prior.mean.size());
    for (Index i = 0; i < count; ++i) {
        const bool rating = i < ratings;
        const VectorXd x = rating ? observations.rated.row(i) : observations.differences.row(i - ratings);
        const VectorXd q = result.posterior.covariance * x;
        const double predicted = x.dot(result.posterior.mean);
        if (rating) {
            result.observed[i] = observations.ratings[i];
            result.variance[i] = noise;
        } else {
            const Site& site = sites[i - ratings];
            const double precision = std::max(site.precision, 1e-12);
            result.observed[i] = site.precise_value / precision;
            result.variance[i] = 1 / precision;
        }
        const double residual = (result.observed[i] - predicted) / (result.variance[i] - x.dot(q));
        result.leave_one_out[i] = predicted - x.dot(q) * residual;
        result.leave_one_out_variance[i] = x.dot(q) * result.variance[i] / (result.variance[i] - x.dot(q));
        if (rating) result.leave_one_out_weights.row(i) = result.posterior.mean - q * residual;
    }
    return result;
}

}  // namespace piaa
