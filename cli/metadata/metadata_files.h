#pragma once

#include <vector>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// A photo's files, RAW, JPEG and HEIC of one name, the one that was named first; of a link also those of
/// what it leads to.
std::vector<boost::filesystem::path> pictures_of(const boost::filesystem::path& photo);

/// A file and, where it is a symbolic link, what it leads to: the same photo, with sidecars of its own.
std::vector<boost::filesystem::path> files_behind(const boost::filesystem::path& file);

/// The XMP sidecars of one file, in the order in which they count: beach.jpg.xmp, beach.xmp (.XMP); of a
/// link, then those of what it leads to.
std::vector<boost::filesystem::path> sidecars_of(const boost::filesystem::path& file);

}  // namespace piaa::cli
