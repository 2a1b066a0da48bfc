#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

namespace piaa {

/// What a file has beside its bytes. Access lists (ACL) are among the extended attributes.
struct FileAttributes {
    std::uint32_t owner = 0, group = 0;
    std::uint32_t mode = 0;  ///< permissions, 07777 at most
    std::int64_t modified_seconds = 0, modified_nanoseconds = 0;
    std::map<std::string, std::string> extended;
};

/// Those of an open file. Throws Error(io), naming `file`, when even its permissions cannot be read.
PIAA_API FileAttributes attributes_of(int descriptor, const boost::filesystem::path& file);
PIAA_API FileAttributes attributes_of(const boost::filesystem::path& file);

/// Gives an open file the owner, group, permissions and extended attributes, and the time if asked. What it
/// has already is not set, because some file systems refuse even that. Returns the names of what people
/// would miss and could not be given: "owner", "group", "user.xdg.tags"; permissions, which some file
/// systems do not know, are not among them.
PIAA_API std::vector<std::string> set_attributes(int descriptor, const FileAttributes& attributes,
                                                 bool with_time);
PIAA_API std::vector<std::string> set_attributes(const boost::filesystem::path& file,
                                                 const FileAttributes& attributes, bool with_time);

}  // namespace piaa
