#pragma once

#include <iosfwd>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json.hpp>

#include <piaa/profile.h>

#include "feedback/add_feedback.h"

namespace piaa::cli {

/// What `adapt` learned from opinions, and how far it is to be believed, for people. file: the profile's.
void tell_learned(std::ostream& out, const UserProfile& profile, const Tally& tally,
                  const boost::filesystem::path& file);

/// The same for programs.
nlohmann::ordered_json learned_record(const UserProfile& profile, const Tally& tally,
                                      const boost::filesystem::path& file);

}  // namespace piaa::cli
