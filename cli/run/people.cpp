#include "run/people.h"

namespace piaa::cli {

/// So many people at once; a profile with its prior takes some megabytes.
constexpr std::size_t most_people = 64;

std::shared_ptr<const Scorer> People::of(const boost::filesystem::path& profile) {
    if (profile.empty()) return {std::shared_ptr<void>(), &everyone_};
    const auto stamp = file_stamp(profile);
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(profile);
    if (found != known_.end() && stamp && found->second.stamp == stamp) return found->second.scorer;
    auto scorer = std::make_shared<const Scorer>(everyone_.model(), profile, prior_);
    if (known_.size() >= most_people) known_.clear();
    known_[profile] = {stamp, scorer};
    return scorer;
}

}  // namespace piaa::cli
