#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <piaa/error.h>
#include <piaa/score.h>

namespace piaa {

ScoreDistribution::ScoreDistribution(double low, double high, std::vector<double> probabilities)
    : low_(low), high_(high), probabilities_(std::move(probabilities)) {
    if (!(low < high))
        throw Error(ErrorCode::bad_argument, "rating scale runs from " + std::to_string(low) + " to " +
                                                 std::to_string(high) + " and should rise");
    if (probabilities_.size() < 2)
        throw Error(ErrorCode::bad_argument, "rating distribution has " +
                                                 std::to_string(probabilities_.size()) +
                                                 " ratings and should have at least 2");
    double sum = 0;
    for (const double p : probabilities_) {
        if (!(p >= 0) || !std::isfinite(p))
            throw Error(ErrorCode::bad_argument,
                        "rating probability is " + std::to_string(p) + " and should lie between 0 and 1");
        sum += p;
    }
    if (std::abs(sum - 1) > 1e-3)
        throw Error(ErrorCode::bad_argument,
                    "rating probabilities add up to " + std::to_string(sum) + " and should add up to 1");
}

ScoreDistribution ScoreDistribution::truncated_normal(double low, double high, int bins, double mean,
                                                      double deviation) {
    if (bins < 2 || !(deviation > 0) || !std::isfinite(mean))
        throw Error(ErrorCode::bad_argument,
                    "truncated normal needs 2 bins or more, a finite mean and a "
                    "positive deviation, and got " +
                        std::to_string(bins) + ", " + std::to_string(mean) + ", " +
                        std::to_string(deviation));
    const double step = (high - low) / (bins - 1);
    std::vector<double> exponents(bins);
    for (int i = 0; i < bins; ++i) {
        const double z = (low + i * step - mean) / deviation;
        exponents[i] = -0.5 * z * z;
    }
    // The largest exponent becomes 0, so that a mean far outside the scale does not make 0 / 0.
    const double largest = *std::max_element(exponents.begin(), exponents.end());
    for (double& e : exponents) e = std::exp(e - largest);
    const double sum = std::accumulate(exponents.begin(), exponents.end(), 0.0);
    for (double& e : exponents) e /= sum;
    return {low, high, std::move(exponents)};
}

ScoreDistribution ScoreDistribution::truncated_normal_with_mean(double low, double high, int bins,
                                                                double mean, double deviation) {
    const double range = high - low;
    mean = std::clamp(mean, low + range / 100, high - range / 100);
    // Far outside, neighbouring ratings differ by the factor exp(step * distance / deviation^2): far enough
    // for any mean when this exponent reaches 20.
    const double reach = range + 20 * deviation * deviation * (bins - 1) / range;
    double below = low - reach;
    double above = high + reach;
    for (int i = 0; i < 60; ++i) {
        const double centre = (below + above) / 2;
        (truncated_normal(low, high, bins, centre, deviation).mean() < mean ? below : above) = centre;
    }
    return truncated_normal(low, high, bins, (below + above) / 2, deviation);
}

ScoreDistribution ScoreDistribution::rescaled_to(double low, double high, int steps) const {
    if (low == low_ && high == high_ && steps == static_cast<int>(probabilities_.size())) return *this;
    if (steps < 2)
        throw Error(ErrorCode::bad_argument,
                    "rating distribution of " + std::to_string(steps) + " ratings should have at least 2");
    std::vector<double> moved(static_cast<std::size_t>(steps));
    const double stretch = (steps - 1.0) / (static_cast<double>(probabilities_.size()) - 1);
    for (std::size_t i = 0; i < probabilities_.size(); ++i) {
        const double place = static_cast<double>(i) * stretch;
        const auto below = std::min(static_cast<std::size_t>(place), moved.size() - 2);
        const double above_share = place - static_cast<double>(below);
        moved[below] += probabilities_[i] * (1 - above_share);
        moved[below + 1] += probabilities_[i] * above_share;
    }
    return {low, high, std::move(moved)};
}

double ScoreDistribution::mean() const {
    const double step = (high_ - low_) / (static_cast<double>(probabilities_.size()) - 1);
    double mean = 0;
    for (std::size_t i = 0; i < probabilities_.size(); ++i) mean += probabilities_[i] * (low_ + step * i);
    return mean;
}

double ScoreDistribution::spread() const {
    const double step = (high_ - low_) / (static_cast<double>(probabilities_.size()) - 1);
    const double centre = mean();
    double variance = 0;
    for (std::size_t i = 0; i < probabilities_.size(); ++i) {
        const double distance = low_ + step * i - centre;
        variance += probabilities_[i] * distance * distance;
    }
    return std::sqrt(variance);
}

double earth_movers_distance(const ScoreDistribution& a, const ScoreDistribution& b, int r) {
    const auto& p = a.probabilities();
    const auto& q = b.probabilities();
    if (p.size() != q.size() || r < 1)
        throw Error(ErrorCode::bad_argument, "earth mover's distance of " + std::to_string(p.size()) +
                                                 " and " + std::to_string(q.size()) +
                                                 " ratings with r = " + std::to_string(r) +
                                                 " needs as many of each and r of at least 1");
    double gap = 0;
    double sum = 0;
    for (std::size_t k = 0; k < p.size(); ++k) {
        gap += p[k] - q[k];
        sum += std::pow(std::abs(gap), r);
    }
    return std::pow(sum / static_cast<double>(p.size()), 1.0 / r);
}

}  // namespace piaa
