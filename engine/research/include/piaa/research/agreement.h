#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/research/generic_metrics.h>
#include <piaa/research/ratings_table.h>

namespace piaa {

/// How one person's ratings stand to everybody else's.
struct RaterAgreement {
    std::string rater;
    std::size_t photos = 0;
    double srocc = 0;      ///< with the mean of the others; NaN for constant ratings
    double same_side = 0;  ///< share of photos on the same side of the limit as the others' mean
    double bias = 0;       ///< mean of (rating - mean of the others)
};

/// How people agree on one photo.
struct PhotoAgreement {
    std::string image;
    std::size_t ratings = 0;
    double mean = 0;
    double deviation = 0;  ///< between its raters
    double majority = 0;   ///< share of them on the side of the limit where most are
};

/// What people share in judging photos, and what is each one's own.
struct RatingsAgreement {
    std::vector<RaterAgreement> raters;  ///< who shares a photo with others
    std::vector<PhotoAgreement> photos;  ///< that two people or more rated
    /// Each with an interval over people (photos for majority):
    ///   srocc_with_others   a person with the mean of the others
    ///   srocc_of_pairs      two people on the photos both rated
    ///   same_side, same_by_chance    two people's ratings of a photo, on the same side of the limit
    ///   majority            share of a photo's raters on the side where most are
    ///   common, bias, individual    shares of the variance of ratings: what all see in a photo, how high a
    ///                       person rates everything, and the rest: own taste, and noise
    std::vector<Metric> metrics;
};

struct AgreementOptions {
    RatingForm form;
    std::size_t fewest_shared = 5;   ///< photos two people must share to be compared
    std::size_t most_pairs = 20000;  ///< drawn where there are more
    BootstrapOptions bootstrap = {};
};

/// Commonality and individuality of a table of people's ratings. Throws Error(bad_data) for ratings without
/// people's names, or when no photo was rated by two.
PIAA_API RatingsAgreement rating_agreement(const RatingsTable& ratings, const AgreementOptions& options = {});

}  // namespace piaa
