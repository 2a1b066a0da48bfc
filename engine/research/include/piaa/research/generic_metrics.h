#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/research/ratings_table.h>
#include <piaa/score.h>
#include <piaa/statistics.h>

namespace piaa {

/// One number of an evaluation with its 95 % bootstrap interval.
struct Metric {
    std::string name;
    double value = 0;
    Interval interval;
};

/// How well predicted distributions agree with people's ratings; predicted[i] belongs to given.images()[i].
/// In this order:
///   srocc, plcc             against the photos' mean ratings
///   rater_srocc             mean over the people for whom SROCC is defined; the interval draws people
///   emd1, emd2              mean earth mover's distance to the distribution of the ratings
///   acc, acc_constant       photos on the right side of the limit; of the better constant answer
///   balanced_acc
///   mse                     of the mean rating, in the ratings' own units
/// All other intervals draw photos. The limit is the scale's middle unless given (AVA's is 5). Predictions on
/// another scale or with other steps are put on the ratings' linearly. Metrics that the table's detail does
/// not support (people, distributions) are NaN. Throws Error(bad_argument) when the lists differ in length.
PIAA_API std::vector<Metric> generic_metrics(std::span<const ScoreDistribution> predicted,
                                             const RatingsTable& given, const BootstrapOptions& options = {},
                                             const RatingForm& form = {});

/// SROCC of one list of predictions minus that of another on the same photos, with its paired interval.
PIAA_API Metric srocc_difference(std::span<const double> predicted, std::span<const double> other,
                                 std::span<const double> given, const BootstrapOptions& options = {});

/// SROCC of each person's ratings with the predictions for the photos they rated, NaN where it is undefined.
PIAA_API std::vector<double> rater_sroccs(std::span<const double> predicted, const RatingsTable& given);

}  // namespace piaa
