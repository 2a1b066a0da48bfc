#include "cache/kept_subject.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace piaa::cli {

KeptSubject packed_subject(std::span<const float> shares) {
    const float most = shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end());
    KeptSubject subject(shares.size());
    if (most > 0)
        std::transform(shares.begin(), shares.end(), subject.begin(), [most](float share) {
            return static_cast<std::uint8_t>(std::lround(255 * std::max(0.0F, share) / most));
        });
    return subject;
}

std::vector<float> unpacked_subject(const KeptSubject& subject) {
    const int sum = std::accumulate(subject.begin(), subject.end(), 0);
    std::vector<float> shares(subject.size());
    if (sum > 0)
        std::transform(subject.begin(), subject.end(), shares.begin(),
                       [sum](std::uint8_t place) { return static_cast<float>(place) / sum; });
    return shares;
}

}  // namespace piaa::cli
