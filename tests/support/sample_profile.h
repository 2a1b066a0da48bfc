#pragma once

#include <string>
#include <vector>

#include <piaa/profile.h>

namespace piaa::test {

/// A profile of so many ratings (and one comparison from two photos on), with rows of `length` numbers and
/// something of every kind that a method can learn.
inline UserProfile sample_profile(int photos = 3, int length = 4) {
    UserProfile profile({"tiny", std::string(64, 'a'), "tiny-1"});
    const auto id = [](int i) { return std::string(60, 'c') + std::to_string(1000 + i); };
    for (int i = 0; i < photos; ++i) {
        std::vector<float> row(length);
        for (int j = 0; j < length; ++j) row[j] = 0.25f * static_cast<float>(i) - static_cast<float>(j);
        profile.set_row(id(i), row);
        profile.add({FeedbackKind::rating, id(i), "", (i % 5) / 4.0, 1'790'000'000 + i});
    }
    if (photos > 1) profile.add({FeedbackKind::comparison, id(0), id(1), 1, 1'790'000'100});

    Learned learned;
    learned.method = "auto";
    learned.prior = std::string(64, 'b');
    learned.agreement = Agreement{0.6, 0.4, 0.75, 0.1, 0.02, 0.18, photos};
    learned.tensors["mean"] = {{length}, std::vector<float>(length, 0.5f)};
    learned.tensors["covariance"] = {{length, length}, std::vector<float>(length * length, 0.125f)};
    learned.numbers["gate"] = 0.7;
    learned.strings["scale"] = "1-5";
    profile.set_learned(learned);
    profile.set_traits(Traits{0.5, -0.25, 0, 1, -1});
    profile.created = 1'790'000'000;
    profile.updated = 1'790'000'200;
    return profile;
}

}  // namespace piaa::test
