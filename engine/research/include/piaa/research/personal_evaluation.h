#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <piaa/adapt.h>
#include <piaa/export.h>
#include <piaa/progress.h>
#include <piaa/research/ratings_table.h>
#include <piaa/statistics.h>

namespace piaa {

/// Which photos a person's predictions are tested on.
enum class TestPhotos {
    rest,   ///< all that were not learned from, the field's way: other photos for every k
    fixed,  ///< for every k the photos left over at the largest k
};

/// A method that works on the photos themselves, e.g. a network that learns each person anew.
struct PhotoMethod {
    std::string name;
    /// Ratings on 0 to 1 of the photos `asked` after learning from `rated` (photo, rating on 0 to 1); photos
    /// are places in ratings.images().
    std::function<std::vector<double>(const std::vector<std::pair<std::size_t, double>>& rated,
                                      const std::vector<std::size_t>& asked)>
        learn;
};

/// Which of a person's photos are learned from first.
enum class AskedPhotos {
    random,
    chosen,  ///< those that tell most, as select_queries() does, out of as many as the largest k
};

struct PersonalEvaluationOptions {
    std::vector<std::string> methods = {"generic", "ridge", "residual", "finetune", "blg", "auto"};
    std::vector<int> learned_from = {0, 5, 10, 25, 50, 100};  ///< k, the ratings each person gives first
    int repeats = 10;                                         ///< draws of those ratings per person
    std::uint64_t seed = 1;
    TestPhotos test = TestPhotos::rest;
    AskedPhotos asked = AskedPhotos::random;
    std::vector<double> start = {};               ///< for the method "blg", see AdaptOptions
    std::vector<PhotoMethod> photo_methods = {};  ///< measured beside `methods`, after them
    int most_raters = 0;  ///< a seeded sample of the people, for methods that take long; 0 for all
    /// The generic scores that gains are over, one per photo; empty: those in the rows.
    std::vector<double> reference = {};
    Progress progress = nullptr;
};

/// One method at one k. Metrics are means over people of the mean over a person's repeats; intervals are
/// 95 % bootstrap intervals over people.
struct PersonalMetrics {
    std::string method;
    int learned_from = 0;
    double srocc = 0;
    Interval srocc_interval;
    double gain = 0;  ///< SROCC minus the generic score's for the same person and photos
    Interval gain_interval;
    double plcc = 0;
    double pair_accuracy = 0;  ///< pairs whose ratings differ by one or more
    double ndcg = 0;           ///< of the ten best
    std::size_t people = 0;    ///< for whom SROCC is defined
    std::size_t undefined = 0;
    double worse_share = 0;       ///< people with a gain below zero
    double much_worse_share = 0;  ///< people with a gain below -.02
    double worst_tenth = 0;       ///< mean gain of the tenth of the people who gain least
    /// Share of test ratings inside the stated 90 % interval; for methods that state one.
    std::optional<double> coverage;
    /// Mean gain of the third of draws with the least, middle and most trust; for methods that state it.
    std::optional<std::vector<double>> gain_by_trust;
};

struct PersonalEvaluation {
    std::vector<PersonalMetrics> metrics;  ///< method by method, k rising
    std::vector<std::string> undefined;    ///< people whose SROCC is undefined for some k: constant ratings
    std::vector<std::string> too_few;      ///< people left out: fewer than three photos left to test on
};

/// Measures how well methods learn the people of a table. rows[i] is feature_row() of ratings.images()[i].
/// Photos and people must be unseen by model and prior: nothing here can check that.
/// The same seed draws the same photos for every method. Throws Error(bad_argument) for an unknown method or
/// rows that do not fit, Error(bad_data) when nobody has enough ratings, Error(cancelled).
PIAA_API PersonalEvaluation evaluate_personal(const Prior& prior, const std::vector<std::vector<float>>& rows,
                                              const RatingsTable& ratings,
                                              const PersonalEvaluationOptions& options = {});

}  // namespace piaa
