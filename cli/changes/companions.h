#pragma once

#include <functional>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "photos/photo_family.h"

namespace piaa::cli {

/// A file that a photo got since it was brought to a folder.
struct Companion {
    boost::filesystem::path file;
    boost::filesystem::path back;  ///< its place beside the photo's old one; empty where that has no name
};

/// Whose a file beside a photo is, by what is known of the time when the photo came.
enum class Owner { unknown, photo, another };

/// What a photo that was brought from `from` to `to` got there since, be it a sidecar or a RAW file: its
/// files of an unknown owner. Where a picture of another one counts as the same photo now, what is called by
/// their common name alone stays with that.
std::vector<Companion> companions_since(const boost::filesystem::path& from,
                                        const boost::filesystem::path& to,
                                        const std::function<Owner(const boost::filesystem::path&)>& owner,
                                        FolderNames& names);

}  // namespace piaa::cli
