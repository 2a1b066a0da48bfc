#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// A photo for a page: JPEG, at most so many pixels along its longer side. Throws as read_image().
std::string small_copy(const boost::filesystem::path& file, int longest_side);

}  // namespace piaa::cli
