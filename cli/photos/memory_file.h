#pragma once

#include <cstddef>
#include <span>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// Bytes under a path, for what reads nothing but files; on no disk, and gone with this.
class MemoryFile {
public:
    /// Throws Error(io) where there is no memory or no descriptor left.
    explicit MemoryFile(std::span<const std::byte> bytes);
    ~MemoryFile();
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    boost::filesystem::path path() const;

private:
    int descriptor_;
};

}  // namespace piaa::cli
