#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <piaa/features.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/profile.h>

#include "feedback/named_feedback.h"

namespace piaa::cli {

/// What became of the opinions.
struct Tally {
    std::size_t ratings = 0;           ///< used
    std::size_t comparisons = 0;       ///< used
    std::size_t refused = 0;           ///< each with a line on err
    std::size_t replaced = 0;          ///< earlier ratings of the profile that gave way to new ones
    std::size_t forgotten = 0;         ///< events taken back
    std::size_t migrated = 0;          ///< events carried over to another model
    std::set<std::string> rated = {};  ///< ids of the photos that were rated now
};

/// A photo to be forgotten, and the content id of the file where the name is one's.
struct Forgotten {
    std::string name;
    std::optional<std::string> photo;
};

/// A line on err for each photo that the profile holds no opinion of.
void forget(const std::vector<Forgotten>& photos, UserProfile& profile, Tally& tally, std::ostream& err);

/// Adds what can be used; a line on err for what cannot. A new rating takes the place of an old one, also
/// where that was of another version of the photo. photos: by the names that opinions use; the others were
/// named on err already.
void add_feedback(const Model& model, const Prior& prior, const std::vector<NamedFeedback>& feedback,
                  const std::map<std::string, Features>& photos, UserProfile& profile, std::int64_t time,
                  Tally& tally, std::ostream& err);

}  // namespace piaa::cli
