#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/profile.h>

namespace piaa::cli {

/// Throws Error where the name is taken by something that is no profile, and so is somebody's work.
void require_profile_or_nothing(const boost::filesystem::path& file);

/// Throws Error(bad_argument) where the file is a profile with an opinion on a photo (or pair) of which the
/// one that is to take its place has none; another value does not count as lost, since people change their
/// minds. guessed: the values of the later one were never said, so they may take the place of such alone.
/// remedy: how to keep them, for the sentence.
void require_opinions_kept(const boost::filesystem::path& file, const UserProfile& later, bool guessed,
                           const std::string& remedy);

}  // namespace piaa::cli
