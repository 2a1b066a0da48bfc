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

/// Finds the photos that a profile's opinions are about, by what they look like, anywhere below the folder,
/// and says the same of them to the new model. Throws Error(bad_data) when none of them is there.
Migration migrate_profile(const UserProfile& profile, const Model& model, const Prior& prior,
                          const boost::filesystem::path& folder, const FeatureRun& run);

}  // namespace piaa::cli
