#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <boost/filesystem/path.hpp>

namespace piaa {

/// A file's bytes without reading them: processes that map the same file share its memory. Who changes the
/// file changes the bytes; files of ours are replaced whole, never written into.
class MappedFile {
public:
    /// Throws Error(io) when it cannot be opened or is empty.
    explicit MappedFile(const boost::filesystem::path& file);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const;

private:
    struct Region;
    std::unique_ptr<Region> region_;
};

}  // namespace piaa
