#pragma once

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// Makes a folder and those above it, where they are not there. Throws Error(io).
void make_folder(const boost::filesystem::path& folder);

}  // namespace piaa::cli
