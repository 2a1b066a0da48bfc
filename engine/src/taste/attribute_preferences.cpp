#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <piaa/attribute_preferences.h>
#include <piaa/error.h>

#include "taste/style_network.h"

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
    const auto size = static_cast<Eigen::Index>(prior.weights());
    const double gate = learned.gate();
    const auto weights = learned.weights(prior.weights());
    Difference result;
    result.weights = gate * (Eigen::Map<const Eigen::VectorXf>(weights.data(), size).cast<double>() -
                             Eigen::Map<const VectorXd>(prior.mean().data(), size));
    if (const auto values = learned.covariance(prior.weights()); !values.empty())
        result.covariance =
            gate * gate * Eigen::Map<const Eigen::MatrixXf>(values.data(), size, size).cast<double>();
    return result;
}

/// The profile's photos: as learners see them, and as their rows are.
struct ProfilePhotos {
    MatrixXd design;
    MatrixXd rows;
};

ProfilePhotos photos_of(const Prior& prior, const UserProfile& profile) {
    const auto count = static_cast<Eigen::Index>(profile.rows().size());
    ProfilePhotos photos{MatrixXd(count, static_cast<Eigen::Index>(prior.weights())),
                         MatrixXd(count, static_cast<Eigen::Index>(prior.row_length()))};
    Eigen::Index i = 0;
    for (const auto& [id, row] : profile.rows()) {
        if (row.size() != prior.row_length())
            throw Error(ErrorCode::bad_profile, "profile's feature rows have " + std::to_string(row.size()) +
                                                    " numbers and should have " +
                                                    std::to_string(prior.row_length()));
        photos.rows.row(i) =
            Eigen::Map<const Eigen::RowVectorXf>(row.data(), static_cast<Eigen::Index>(row.size()))
                .cast<double>();
        const auto directions = static_cast<Eigen::Index>(prior.directions());
        photos.design.row(i) << 1, row[0] - prior.centre(), photos.rows.row(i).segment(1, directions);
        ++i;
    }
    return photos;
}

void need_learned(const Prior& prior, const UserProfile& profile) {
    if (profile.learned().prior != prior.hash() || profile.learned().method.empty())
        throw Error(ErrorCode::bad_profile, "profile was learned with the prior '" + profile.learned().prior +
                                                "' and this prior is '" + prior.hash() + "'");
}

/// An effect and its deviation, as AttributePreference and StylePreference hold them.
struct Slope {
    double effect = 0;
    double deviation = 0;
};

/// What one deviation more of a property of the photos adds; nothing when they are all alike in it.
std::optional<Slope> slope_along(VectorXd property, const MatrixXd& design, const Difference& learned) {
    const auto photos = static_cast<double>(property.size());
    property.array() -= property.mean();
    const double deviation = std::sqrt(property.squaredNorm() / photos);
    if (deviation < 1e-6) return {};
    // The slope is linear in the weights, so their covariance gives its deviation.
    const VectorXd slope = design.transpose() * property / (deviation * photos);
    Slope result{ten_scale * slope.dot(learned.weights), 0};
    if (learned.covariance.size() > 0)
        result.deviation = ten_scale * std::sqrt(std::max(0.0, slope.dot(learned.covariance * slope)));
    return result;
}

template <typename Effect>
void strongest_first(std::vector<Effect>& effects) {
    std::stable_sort(effects.begin(), effects.end(), [](const Effect& a, const Effect& b) {
        return std::abs(a.effect) > std::abs(b.effect);
    });
}

/// 90 %: more than 1.64 deviations from none.
bool is_clear(double effect, double deviation) {
    return deviation > 0 && std::abs(effect) > 1.64 * deviation;
}

}  // namespace

bool AttributePreference::significant() const {
    return is_clear(effect, deviation);
}

bool StylePreference::significant() const {
    return is_clear(effect, deviation);
}

std::vector<AttributePreference> attribute_preferences(const Prior& prior, const UserProfile& profile) {
    need_learned(prior, profile);
    std::vector<AttributePreference> all;
    if (profile.rows().size() < 3) return all;
    const auto learned = difference(prior, profile.learned());
    const ProfilePhotos photos = photos_of(prior, profile);
    const auto attributes = photos.rows.rightCols(static_cast<Eigen::Index>(attribute_count));
    for (std::size_t a = 0; a < attribute_count; ++a)
        if (const auto slope =
                slope_along(attributes.col(static_cast<Eigen::Index>(a)), photos.design, learned))
            all.push_back({static_cast<Attribute>(a), slope->effect, slope->deviation});
    strongest_first(all);
    return all;
}

std::vector<StylePreference> style_preferences(const Prior& prior, const UserProfile& profile,
                                               const Prior& style) {
    need_learned(prior, profile);
    std::vector<StylePreference> all;
    if (style.style() == nullptr || profile.rows().size() < 3) return all;
    const StyleNetwork& network = *style.style();
    const ProfilePhotos photos = photos_of(prior, profile);
    MatrixXd axes;
    if (prior.style()) {
        axes = photos.rows.middleCols(1, static_cast<Eigen::Index>(trait_count));
    } else if (network.directions_prior == prior.hash() &&
               network.from_directions.cols() == static_cast<Eigen::Index>(prior.directions()) + 1) {
        const auto directions = photos.rows.middleCols(1, static_cast<Eigen::Index>(prior.directions()));
        const MatrixXd map = network.from_directions.cast<double>();
        axes = (directions * map.rightCols(map.cols() - 1).transpose()).rowwise() + map.col(0).transpose();
    } else {
        return all;
    }
    const auto learned = difference(prior, profile.learned());
    for (std::size_t axis = 0; axis < trait_count; ++axis)
        if (const auto slope = slope_along(axes.col(static_cast<Eigen::Index>(axis)), photos.design, learned))
            all.push_back({axis, slope->effect, slope->deviation});
    strongest_first(all);
    return all;
}

}  // namespace piaa
