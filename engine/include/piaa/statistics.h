#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <piaa/export.h>

namespace piaa {

// The field's metrics. Two spans that belong together have the same length, else Error(bad_argument).
// A metric that is not defined for its input is NaN, so that callers count it instead of averaging a 0.

/// Ranks from 1; equal values share the mean of their ranks. No value may be NaN.
PIAA_API std::vector<double> mid_ranks(std::span<const double> values);

/// PLCC, the linear correlation, without the logistic mapping used for image quality.
/// NaN for fewer than two values or when a side is constant.
PIAA_API double pearson(std::span<const double> a, std::span<const double> b);

/// SROCC, the rank correlation: pearson() of mid-ranks. NaN as there.
PIAA_API double spearman(std::span<const double> a, std::span<const double> b);

/// Standard error of Fisher's z = atanh(rho) for a rank correlation over `count` pairs (Bonett and Wright
/// 2000); NaN for fewer than four.
PIAA_API double fisher_standard_error(double rho, std::size_t count);

/// NaN for no values, as all below.
PIAA_API double mean_squared_error(std::span<const double> predicted, std::span<const double> given);

/// ACC of the field: the share of photos whose prediction is on the same side as their rating; a value counts
/// as positive above the threshold.
PIAA_API double accuracy(std::span<const double> predicted, std::span<const double> given, double threshold);

/// What accuracy() would be for the better of the two constant answers.
PIAA_API double constant_accuracy(std::span<const double> given, double threshold);

/// Mean of the accuracies on positive and on negative photos; NaN when one kind is missing.
PIAA_API double balanced_accuracy(std::span<const double> predicted, std::span<const double> given,
                                  double threshold);

/// Share of pairs whose ratings differ by at least `difference` that the prediction puts in the same order;
/// an equal prediction counts half. NaN when no pair differs so much.
PIAA_API double pair_accuracy(std::span<const double> predicted, std::span<const double> given,
                              double difference = 1);

/// Normalised discounted cumulative gain of the `count` photos with the highest predictions. The gain is the
/// rating above the lowest one given, so constant ratings have none: NaN. Equal predictions share their gain.
PIAA_API double ndcg(std::span<const double> predicted, std::span<const double> given,
                     std::size_t count = 10);

struct Interval {
    double low = 0;
    double high = 0;
};

struct BootstrapOptions {
    int resamples = 2000;
    double confidence = 0.95;
    std::uint64_t seed = 1;
};

/// A metric computed from the units (photos or people) with these indices, which may repeat.
using Statistic = std::function<double(std::span<const std::size_t> units)>;

/// Percentile interval of a statistic over `units` units drawn with replacement. Draws where it is NaN are
/// left out; NaN at both ends when none is left. The same seed draws the same units, so the interval of a
/// difference of two statistics computed inside one call is paired.
PIAA_API Interval bootstrap_interval(std::size_t units, const Statistic& statistic,
                                     const BootstrapOptions& options = {});

/// Interval of statistic a minus statistic b on the same draws: the difference counts when 0 is outside.
PIAA_API Interval paired_bootstrap(std::size_t units, const Statistic& a, const Statistic& b,
                                   const BootstrapOptions& options = {});

}  // namespace piaa
