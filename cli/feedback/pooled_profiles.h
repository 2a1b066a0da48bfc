#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <piaa/prior.h>
#include <piaa/profile.h>

namespace piaa::cli {

/// Whether two profiles hold the same opinions. Of two with names the times have to be the same too: two
/// people may like alike. An anonymous one has no times and other ids, so the photos' numbers decide.
bool is_same_person(const UserProfile& one, const UserProfile& other);

/// What all of these people said, as one person's opinions: each one's ratings are brought to the mean and
/// deviation that ratings have on average, so that nobody counts for being strict. Photos that several rated
/// count by the mean, comparisons as they are; who said more counts more. Nothing is learned yet. The
/// profiles are of one model.
UserProfile pooled_profiles(const std::vector<UserProfile>& people);

/// How alike the people of a pool are, on all photos that any of them spoke of.
struct PoolReport {
    struct Member {
        std::string name;
        std::size_t opinions = 0;
        /// Mean rank correlation with each of the others of what they would say beyond people in general.
        double agreement = 0;
    };
    std::vector<Member> members;
    std::size_t photos = 0;
    /// Standard deviation between people of what they would say of a photo, on average, in points from 1 to
    /// 10.
    double spread = 0;
};

/// pool: of pooled_profiles(), for its photos. people, each with what was learned from them, and their names.
/// Throws Error(bad_profile) when somebody
/// has learned nothing with this prior.
PoolReport compare_pool(const Prior& prior, const UserProfile& pool, const std::vector<UserProfile>& people,
                        const std::vector<std::string>& names);

/// The same in words, a line for each person, who differs most first.
std::string in_words(const PoolReport& report);
/// The same for programs.
nlohmann::ordered_json pool_record(const PoolReport& report);

}  // namespace piaa::cli
