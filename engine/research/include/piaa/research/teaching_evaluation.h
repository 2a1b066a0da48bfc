#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/prior.h>
#include <piaa/progress.h>
#include <piaa/research/ratings_table.h>
#include <piaa/statistics.h>

namespace piaa {

struct TeachingEvaluationOptions {
    std::vector<int> answers = {5, 10, 20, 40, 80};  ///< how many a person gives, ascending
    int repeats = 2;                                 ///< draws of the photos asked about
    std::uint64_t seed = 1;
    int most_raters = 0;  ///< a seeded sample of the people; 0 for all
    Progress progress = nullptr;
};

/// One way of asking after so many answers: means over people of the mean over a person's repeats, with 95 %
/// bootstrap intervals over people.
struct TeachingMetrics {
    std::string way;  ///< stars, stars-chosen, pairs, pairs-chosen, orders, orders-chosen, liked, choice
    int answers = 0;
    double srocc = 0;  ///< on the half of the photos that is never asked about
    Interval srocc_interval;
    double gain = 0;  ///< over the generic score
    std::size_t people = 0;
};

/// What "auto" learns from answers of different kinds, by people of a table who answer as they rated: stars
/// are their ratings, of two photos they prefer the one rated higher, an order of five is by rating. Photos
/// that they rated alike cannot be told apart: such a pair is an answer that says nothing, and in an order
/// they say nothing of each other. Chosen questions are those whose answers tell most. Half of a person's
/// photos are asked about. rows[i] is feature_row() of ratings.images()[i]. Throws as evaluate_personal().
PIAA_API std::vector<TeachingMetrics> evaluate_teaching(const Prior& prior,
                                                        const std::vector<std::vector<float>>& rows,
                                                        const RatingsTable& ratings,
                                                        const TeachingEvaluationOptions& options = {});

/// How many photos somebody looks at for one that they like.
constexpr std::size_t liked_of = 5;

/// Liked photos against stars, for people of a table: the `answers` photos are the same for all ways, and
/// stars are what each was rated; as "liked" the best fifth of them is chosen and nothing is said of the
/// others, as ratings_of_choice() learns it; a "choice" is the same as comparisons of each chosen photo with
/// each other one, which weigh as those of one order. Photos rated alike are chosen by chance. Measured as
/// evaluate_teaching().
PIAA_API std::vector<TeachingMetrics> evaluate_liked(const Prior& prior,
                                                     const std::vector<std::vector<float>>& rows,
                                                     const RatingsTable& ratings,
                                                     const TeachingEvaluationOptions& options = {});

}  // namespace piaa
