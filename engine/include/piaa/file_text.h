#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

namespace piaa {

/// All that can be read of a file or a pipe. Throws Error(io), with the system's reason.
PIAA_API std::string file_text(const boost::filesystem::path& file);

}  // namespace piaa
