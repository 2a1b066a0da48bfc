#pragma once

#include <string>
#include <string_view>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// SHA-256 as 64 hexadecimal digits.
std::string sha256_of(std::string_view bytes);

/// The same of a file's content, read piece by piece. Throws Error(io).
std::string sha256_of_file(const boost::filesystem::path& file);

}  // namespace piaa::cli
