#include "taste/stars.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <piaa/error.h>

namespace piaa {
namespace {

constexpr Eigen::Index fewest_rated = 10;
constexpr double never = 11;

// Among what a profile has learned, so that programs that do not know of them keep them.
constexpr std::array<const char*, 4> names{"stars_2", "stars_3", "stars_4", "stars_5"};
constexpr const char* like_name = "stars_like";
constexpr const char* like_value = "ratings";

bool never_falls(const StarThresholds& thresholds) {
    return std::is_sorted(thresholds.begin(), thresholds.end());
}

/// The score that `count` of the rising scores reach.
double reached_by(std::size_t count, const std::vector<double>& scores) {
    if (count == 0) return never;
    if (count == scores.size()) return 1;
    const std::size_t first = scores.size() - count;
    return (scores[first - 1] + scores[first]) / 2;
}

void put(const std::optional<StarThresholds>& thresholds, bool like, UserProfile& profile) {
    Learned learned = profile.learned();
    for (std::size_t i = 0; i < names.size(); ++i) {
        learned.numbers.erase(names[i]);
        if (thresholds) learned.numbers[names[i]] = (*thresholds)[i];
    }
    learned.strings.erase(like_name);
    if (like) learned.strings[like_name] = like_value;
    profile.set_learned(std::move(learned));
}

}  // namespace

int stars_at(const StarThresholds& thresholds, double score) {
    return 1 + static_cast<int>(
                   std::count_if(thresholds.begin(), thresholds.end(), [&](double t) { return score >= t; }));
}

std::optional<StarThresholds> star_thresholds(const UserProfile& profile) {
    const auto& numbers = profile.learned().numbers;
    StarThresholds thresholds{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = numbers.find(names[i]);
        if (found == numbers.end()) return std::nullopt;
        thresholds[i] = found->second;
    }
    if (!never_falls(thresholds))
        throw Error(ErrorCode::bad_profile,
                    "profile has scores for 2, 3, 4 and 5 stars that fall, and they should rise");
    return thresholds;
}

void set_star_thresholds(UserProfile& profile, const std::optional<StarThresholds>& thresholds) {
    if (thresholds && !never_falls(*thresholds))
        throw Error(ErrorCode::bad_argument, "scores for 2, 3, 4 and 5 stars fall, and they should rise");
    put(thresholds, false, profile);
}

void set_stars_like_ratings(UserProfile& profile) {
    put(std::nullopt, true, profile);
}

bool stars_like_ratings(const UserProfile& profile) {
    const auto found = profile.learned().strings.find(like_name);
    return found != profile.learned().strings.end() && found->second == like_value;
}

void keep_star_choice(const UserProfile& earlier, UserProfile& profile) {
    const bool like = stars_like_ratings(earlier);
    put(like ? std::nullopt : star_thresholds(earlier), like, profile);
}

void add_stars_as_given(const Eigen::VectorXd& predicted, const Eigen::VectorXd& ratings,
                        UserProfile& profile) {
    if (predicted.size() < fewest_rated) return;
    std::vector<double> scores;
    for (const double rating : predicted) scores.push_back(std::clamp(1 + 9 * rating, 1.0, 10.0));
    std::sort(scores.begin(), scores.end());
    StarThresholds thresholds{};
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        const auto stars = static_cast<long>(i) + 2;
        const auto count = std::count_if(ratings.begin(), ratings.end(),
                                         [&](double rating) { return 1 + std::lround(4 * rating) >= stars; });
        thresholds[i] = reached_by(static_cast<std::size_t>(count), scores);
    }
    put(thresholds, true, profile);
}

}  // namespace piaa
