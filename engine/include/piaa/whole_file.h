#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/error.h>
#include <piaa/export.h>

namespace piaa {

/// All bytes of a file of at most `most` bytes. Throws Error(io) when it cannot be read, is larger or is
/// not a regular file.
PIAA_API std::vector<std::byte> read_whole_file(const boost::filesystem::path& file, std::size_t most);

/// A file was not replaced, because its owner, group or extended attributes would have been lost.
class PIAA_API AttributesLost : public Error {
public:
    /// what: "owner", "user.xdg.tags".
    AttributesLost(const boost::filesystem::path& file, const std::string& what);
};

/// What a file that is replaced keeps beside its bytes.
enum class Keep {
    what_can_be,  ///< permissions, owner, group, extended attributes, as far as the system allows
    all           ///< the same, or the file is left as it is
};

/// Writes beside and renames, so that the file is whole, new or old, at any moment. A link keeps pointing to
/// it, and one that may not be written is refused. Throws AttributesLost, and Error(io), and then leaves what
/// was there.
PIAA_API void write_whole_file(const boost::filesystem::path& file, std::span<const std::byte> bytes,
                               Keep keep = Keep::what_can_be);

}  // namespace piaa
