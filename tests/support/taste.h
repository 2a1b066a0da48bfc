#pragma once

#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <piaa/adapt.h>

namespace piaa::test {

/// A prior with so many taste directions, in which people differ alike and independently of one another.
inline PriorParts small_prior_parts(std::size_t directions = 3) {
    PriorParts prior;
    prior.model = std::string(64, 'a');
    prior.model_name = "tiny";
    prior.hash = std::string(64, 'b');
    prior.inputs = directions + attribute_count;
    prior.directions = directions;
    prior.projection.assign(directions * prior.inputs, 0);
    for (std::size_t i = 0; i < directions; ++i) prior.projection[i * prior.inputs + i] = 1;
    prior.offset.assign(directions, 0);
    prior.centre = 0.5;
    const std::size_t size = prior.weights();
    prior.mean.assign(size, 0);
    prior.mean[0] = 0.5;
    prior.mean[1] = 1;
    prior.covariance.assign(size * size, 0);
    for (std::size_t i = 0; i < size; ++i) prior.covariance[i * size + i] = i < 2 ? 0.05 : 1;
    prior.noise = 0.02;

    // Content goes along the first direction; the first factor is warmth.
    ContentPrior content;
    for (std::size_t c = 0; c < category_count; ++c)
        for (std::size_t d = 0; d < directions; ++d)
            content.categories.push_back(d == 0 ? -0.25f + 0.05f * static_cast<float>(c) : 0);
    content.category_width = 0.05;
    const std::size_t seen = attribute_count + category_count;
    content.factors.assign(factor_count * seen, 0);
    for (std::size_t f = 0; f < factor_count; ++f)
        content.factors[f * seen + (static_cast<std::size_t>(Attribute::warmth) + f) % attribute_count] = 1;
    content.factor_mean.assign(1 + factor_count, 0);
    content.factor_mean[0] = 0.5;
    content.factor_covariance.assign((1 + factor_count) * (1 + factor_count), 0);
    for (std::size_t i = 0; i <= factor_count; ++i) content.factor_covariance[i * (2 + factor_count)] = 0.05;
    content.factor_noise = 0.02;
    prior.content = std::move(content);
    return prior;
}

inline Prior small_prior(std::size_t directions = 3) {
    return Prior(small_prior_parts(directions));
}

/// The prior after a change of its parts.
template <typename Change>
Prior changed(const Prior& prior, Change change) {
    PriorParts parts = prior.parts();
    change(parts);
    return Prior(std::move(parts));
}

inline std::string photo_id(int i) {
    return std::string(60, 'c') + std::to_string(1000 + i);
}

/// Photos with random generic scores and places along the taste directions.
class Album {
public:
    Album(const Prior& prior, int photos, std::uint64_t seed = 1) {
        std::mt19937_64 random(seed);
        const auto draw = [&] { return static_cast<float>(random() % 10'000) / 10'000; };
        for (int i = 0; i < photos; ++i) {
            std::vector<float> row(prior.row_length(), 0);
            row[0] = 0.2f + 0.6f * draw();
            for (std::size_t d = 0; d < prior.directions(); ++d) row[1 + d] = 0.5f * (draw() - 0.5f);
            rows_.push_back(row);
        }
    }
    int size() const { return static_cast<int>(rows_.size()); }
    const std::vector<float>& row(int photo) const { return rows_[photo]; }

    /// What somebody thinks who follows the crowd and besides likes the first direction.
    double liking(int photo, double taste = 1) const { return rows_[photo][0] + taste * rows_[photo][1]; }

private:
    std::vector<std::vector<float>> rows_;
};

inline UserProfile empty_profile() {
    return UserProfile({"tiny", std::string(64, 'a'), "tiny-1"});
}

inline void rate(UserProfile& profile, const Album& album, int photo, double value) {
    profile.set_row(photo_id(photo), album.row(photo));
    profile.add({FeedbackKind::rating, photo_id(photo), "", value, 0});
}

inline void prefer(UserProfile& profile, const Album& album, int winner, int loser, double weight = 1) {
    profile.set_row(photo_id(winner), album.row(winner));
    profile.set_row(photo_id(loser), album.row(loser));
    profile.add({FeedbackKind::comparison, photo_id(winner), photo_id(loser), weight, 0});
}

}  // namespace piaa::test
