#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <piaa/export.h>
#include <piaa/prior.h>
#include <piaa/profile.h>

namespace piaa {

/// Which photos to ask a person about when nothing is known of how people differ: the one nearest to the
/// middle, then again and again the one farthest from all chosen so far (Gonzalez, "Clustering to minimize
/// the maximum intercluster distance", 1985). Each feature counts alike, whatever its unit.
///
/// rows: one of features per photo, all of one length. Returns at most `count` places in `rows`, in the order
/// chosen; equal photos are chosen once. Throws Error(bad_argument) for rows of unequal length.
PIAA_API std::vector<std::size_t> most_varied(std::span<const std::vector<float>> rows, std::size_t count);

/// A photo to ask a person about.
struct Query {
    std::size_t photo = 0;
    bool likely_good = false;  ///< asked since it will please, for with none of those people give up
};

struct QueryOptions {
    std::size_t count = 10;
    double likely_good = 0.3;            ///< share of the questions
    const UserProfile* known = nullptr;  ///< what the person already said; nobody's for a first meeting
};

/// Which photos of an album to have rated: those that, answered one after the other, leave the least
/// uncertainty about how this person ranks the album (greedy optimal design over the prior and what is
/// known), mixed with those that are expected to please most. Photos that people disagree on are preferred.
///
/// rows: feature_row() of each photo. VarianceReduction ones first, in the order chosen. Throws
/// Error(bad_argument) for rows that are not of this prior.
PIAA_API std::vector<Query> select_queries(const Prior& prior, std::span<const std::vector<float>> rows,
                                           const QueryOptions& options = {});

/// Which pairs to ask "A or B" about: those whose answer is least foregone and tells most of the person
/// (information gain, Houlsby et al., "Bayesian active learning for classification and preference learning",
/// 2011), one after the other. No pair twice, no photo in more than three.
PIAA_API std::vector<std::pair<std::size_t, std::size_t>> choose_pairs(
    const Prior& prior, std::span<const std::vector<float>> rows, std::size_t count,
    const UserProfile* known = nullptr);

}  // namespace piaa
