#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

namespace piaa {

/// All bytes of a file of at most `most` bytes. Throws Error(io) when it cannot be read, is larger or is
/// not a regular file.
PIAA_API std::vector<std::byte> read_whole_file(const boost::filesystem::path& file, std::size_t most);

/// Writes beside and renames, so that the file is whole, new or old, at any moment. An existing file's
/// permissions are kept, a link keeps pointing to it, and one that may not be written is refused.
/// Throws Error(io) and then leaves what was there.
PIAA_API void write_whole_file(const boost::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace piaa
