#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include <piaa/error.h>
#include <piaa/likes.h>

namespace piaa {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double ten_scale = 9;  // from 0..1 to 1..10

/// What was learned of a person, as far beyond the mean of all people as the gate lets it through.
struct Difference {
    VectorXd weights;
    MatrixXd covariance;  ///< 0x0 when the method has none
};

Difference difference(const Prior& prior, const Learned& learned) {
    const auto size = static_cast<std::int64_t>(prior.weights());
    const double gate = learned.number("gate");
    const auto& weights = learned.tensor("weights", std::array{size}).values;
    Difference result;
    result.weights = gate * (Eigen::Map<const Eigen::VectorXf>(weights.data(), size).cast<double>() -
                             Eigen::Map<const VectorXd>(prior.mean.data(), size));
    if (learned.tensors.contains("covariance")) {
        const auto& values = learned.tensor("covariance", std::array{size, size}).values;
        result.covariance =
            gate * gate * Eigen::Map<const Eigen::MatrixXf>(values.data(), size, size).cast<double>();
    }
    return result;
}

}  // namespace

bool Like::clear() const {
    return std::abs(effect) > 1.64 * deviation && effect != 0;
}

std::vector<Like> likes(const Prior& prior, const UserProfile& profile) {
    if (profile.learned().prior != prior.hash || profile.learned().method.empty())
        throw Error(ErrorCode::bad_profile, "profile was learned with the prior '" + profile.learned().prior +
                                                "' and this prior is '" + prior.hash + "'");
    const auto photos = static_cast<Eigen::Index>(profile.rows().size());
    std::vector<Like> all;
    if (photos < 3) return all;

    const auto learned = difference(prior, profile.learned());
    MatrixXd design(photos, static_cast<Eigen::Index>(prior.weights()));
    MatrixXd attributes(photos, static_cast<Eigen::Index>(attribute_count));
    Eigen::Index i = 0;
    for (const auto& [id, row] : profile.rows()) {
        if (row.size() != prior.row_length())
            throw Error(ErrorCode::bad_profile, "profile's feature rows have " + std::to_string(row.size()) +
                                                    " numbers and should have " +
                                                    std::to_string(prior.row_length()));
        const Eigen::VectorXd numbers =
            Eigen::Map<const Eigen::VectorXf>(row.data(), row.size()).cast<double>();
        const auto directions = static_cast<Eigen::Index>(prior.directions);
        design.row(i) << 1, row[0] - prior.centre, numbers.segment(1, directions).transpose();
        attributes.row(i++) = numbers.tail(static_cast<Eigen::Index>(attribute_count)).transpose();
    }
    for (std::size_t a = 0; a < attribute_count; ++a) {
        VectorXd attribute = attributes.col(static_cast<Eigen::Index>(a));
        attribute.array() -= attribute.mean();
        const double deviation = std::sqrt(attribute.squaredNorm() / static_cast<double>(photos));
        if (deviation < 1e-6) continue;
        // The slope is linear in the weights, so their covariance gives its deviation.
        const VectorXd slope = design.transpose() * attribute / (deviation * static_cast<double>(photos));
        Like like{static_cast<Attribute>(a), ten_scale * slope.dot(learned.weights), 0};
        if (learned.covariance.size() > 0)
            like.deviation = ten_scale * std::sqrt(std::max(0.0, slope.dot(learned.covariance * slope)));
        all.push_back(like);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Like& a, const Like& b) { return std::abs(a.effect) > std::abs(b.effect); });
    return all;
}

}  // namespace piaa
