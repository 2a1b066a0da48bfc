#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace piaa {

/// A member of a zip archive, in the order of writing.
struct ZipMember {
    std::string name;
    std::vector<std::byte> bytes;
};

/// An archive of stored (not compressed) members, the data of each starting at a multiple of 64 bytes.
std::vector<std::byte> write_zip_archive(std::span<const ZipMember> members);

/// The members of an archive as views into `bytes`. Only stored members on one disk are known; each must
/// lie inside the file, overlap none and match its checksum. Throws Error(bad_profile).
std::map<std::string, std::span<const std::byte>> read_zip_archive(std::span<const std::byte> bytes);

}  // namespace piaa
