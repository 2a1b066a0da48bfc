#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <piaa/export.h>

namespace piaa {

/// Which photos to ask a person about when nothing is known of how people differ: the one nearest to the
/// middle, then again and again the one farthest from all chosen so far (Gonzalez, "Clustering to minimize
/// the maximum intercluster distance", 1985). Each feature counts alike, whatever its unit.
///
/// rows: one of features a photo, all of one length. Returns at most `count` places in `rows`, in the order
/// chosen; equal photos are chosen once. Throws Error(bad_argument) for rows of unequal length.
PIAA_API std::vector<std::size_t> most_varied(std::span<const std::vector<float>> rows, std::size_t count);

/// Which photos to ask about when the prior says how people's tastes differ: again and again the one whose
/// answer is least sure after the answers to those before (greedy D-optimal design). It prefers photos that
/// people disagree on.
///
/// covariance: of the weights over people, row by row, side = length of a row. noise: variance of a rating
/// around a person's taste, above 0. Throws Error(bad_argument) for sizes that do not fit.
PIAA_API std::vector<std::size_t> most_telling(std::span<const std::vector<float>> rows,
                                               std::span<const float> covariance, double noise,
                                               std::size_t count);

}  // namespace piaa
