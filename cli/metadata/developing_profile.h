#pragma once

#include <optional>
#include <vector>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// How RawTherapee and ART develop a photo, beside it: beach.dng.pp3, beach.dng.arp; of a link, also those of
/// what it leads to.
std::vector<boost::filesystem::path> developing_profiles_of(const boost::filesystem::path& photo);

/// What such a file says of the photo: 1 to 5 for its rank, -1 where the photo lies in the trash. Nothing for
/// rank 0, which these programs write for every photo. Throws Error(bad_data), and Error(io).
std::optional<int> rank_in(const boost::filesystem::path& developing_profile);

}  // namespace piaa::cli
