#pragma once

#include <boost/filesystem/path.hpp>

#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/profile.h>

#include "feedback/rated_photos.h"

namespace piaa::cli {

/// A profile carried over to another model or prior, before it is learned again.
struct Migration {
    UserProfile profile;
    std::size_t lost = 0;  ///< opinions of photos that the folder does not hold
};

/// All photos anywhere below the folder, as the model sees them.
std::vector<NamedFeatures> photos_below(const boost::filesystem::path& folder, const Model& model,
                                        const FeatureRun& run);

/// Finds the photos that a profile's opinions are about among those of the folder, by what they look like,
/// and says the same of them to the new model. Throws Error(bad_data), naming the folder, when none of them
/// is there.
Migration migrate_profile(const UserProfile& profile, const Model& model, const Prior& prior,
                          const boost::filesystem::path& folder, const std::vector<NamedFeatures>& photos);

}  // namespace piaa::cli
