#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <piaa/profile.h>
#include <piaa/research/teaching_evaluation.h>

namespace piaa {

using Places = std::vector<std::size_t>;

/// The photos that one person rated, on 0 to 1.
struct AskedPerson {
    std::vector<std::vector<float>> rows;
    std::vector<double> ratings;
};

/// What a profile calls a photo of theirs.
std::string id_of_place(std::size_t photo);

/// What is expected of photos by a profile, learned anew by "auto"; of everyone where it holds no feedback.
std::vector<double> expected_by(const Prior& prior, UserProfile& profile, const AskedPerson& person,
                                const Places& photos);

/// SROCC of what is expected of photos with what the person gave them.
double agreement(const AskedPerson& person, const Places& photos, const std::vector<double>& expected);

/// One draw of one person, who is asked about `pool` and tested on `held`: an SROCC for each way of asking
/// and, within a way, each number of answers.
using AskOnce = std::function<std::vector<double>(const AskedPerson& person, const Places& pool,
                                                  const Places& held, std::uint64_t seed)>;

/// Compares ways of asking on the same draws. Throws as evaluate_teaching().
std::vector<TeachingMetrics> compare_ways(const std::vector<std::string>& ways,
                                          const std::vector<std::vector<float>>& rows,
                                          const RatingsTable& ratings,
                                          const TeachingEvaluationOptions& options, const AskOnce& ask);

}  // namespace piaa
