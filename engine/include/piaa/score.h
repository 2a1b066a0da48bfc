#pragma once

#include <optional>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

class UserProfile;

/// How many people would give which rating: probabilities that add up to 1 over equally spaced ratings.
class PIAA_API ScoreDistribution {
public:
    /// low, high: the first and the last rating, low < high. probabilities: at least two, finite, not
    /// negative, adding up to 1 within 1e-3. Throws Error(bad_argument) otherwise.
    ScoreDistribution(double low, double high, std::vector<double> probabilities);

    /// Normal distribution cut off at the ends of the scale, one bin per rating (Zeng et al., "A unified
    /// probabilistic formulation of image aesthetic assessment", 2020). mean may lie outside the scale.
    static ScoreDistribution truncated_normal(double low, double high, int bins, double mean,
                                              double deviation);

    /// The same with the given mean, so that a score linear in the features stays linear: the normal's centre
    /// is moved until the mean is `mean`, limited to a hundredth of the scale from its ends.
    static ScoreDistribution truncated_normal_with_mean(double low, double high, int bins, double mean,
                                                        double deviation);

    double low() const noexcept { return low_; }
    double high() const noexcept { return high_; }
    const std::vector<double>& probabilities() const noexcept { return probabilities_; }
    /// The same on another scale with other steps, linearly: what falls between two ratings counts for both
    /// by nearness, so that the mean moves linearly too.
    ScoreDistribution rescaled_to(double low, double high, int steps) const;
    double mean() const;    ///< on the scale low to high
    double spread() const;  ///< standard deviation on the same scale

private:
    double low_;
    double high_;
    std::vector<double> probabilities_;
};

/// ((1/N) sum |P - Q|^r)^(1/r) over the N cumulative probabilities. NIMA trains with r = 2 and reports r = 1.
/// Throws Error(bad_argument) for distributions of different length.
PIAA_API double earth_movers_distance(const ScoreDistribution& a, const ScoreDistribution& b, int r);

/// What people and programs are told of a photo. All scores are on the scale 1 to 10.
struct Score {
    double score = 0;          ///< personal with a profile, generic without
    double generic = 0;        ///< what people in general would say
    double trust = 0;          ///< 0: generic returned; 1: the profile speaks alone
    double spread = 0;         ///< standard deviation of the predicted ratings
    std::optional<int> stars;  ///< 1 to 5; none when the picture is flagged
    Flags flags;
};

/// The distribution of ratings the model expects for a photo, on the model's own scale.
PIAA_API ScoreDistribution predict_ratings(const Model& model, const Features& features);

/// What people in general would say of a photo.
PIAA_API Score score(const Model& model, const Features& features);

}  // namespace piaa
