#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// What tells that a file is as it was, without reading it.
struct FileStamp {
    std::int64_t size = 0;
    std::int64_t time = 0;   ///< of the last change to the content, in nanoseconds since 1970
    std::int64_t inode = 0;  ///< 0 where the file system gives a file another one from mount to mount
    bool operator==(const FileStamp&) const = default;
};

/// Whether a file keeps its inode for as long as it lives, by statfs()'s type of the file system: object
/// stores and shares of other systems, mounted through FUSE, SMB or 9P, number files as they come.
bool keeps_inodes(long file_system);

/// The stamp of a regular file, links followed; nothing for all else.
std::optional<FileStamp> file_stamp(const boost::filesystem::path& file);

/// How much of a file should be read, by its first bytes and its last two.
enum class FarEnough { yes, not_yet, all };
using ReadingGoal =
    std::function<FarEnough(std::span<const std::byte> start, std::span<const std::byte> end)>;

/// A whole file in memory. Its header and its pixels then come from the same bytes, whatever happens to the
/// file.
class FileBytes {
public:
    /// Throws Error(io), without the file's name, when it cannot be read or is no regular file.
    explicit FileBytes(const boost::filesystem::path& file);
    /// A file that somebody sent along, without a stamp.
    explicit FileBytes(std::span<const std::byte> sent);
    /// Perhaps only the start of it: `goal` is asked after every 128 KB.
    FileBytes(const boost::filesystem::path& file, const ReadingGoal& goal);

    std::span<const std::byte> span() const { return {bytes_.get(), length_}; }
    /// Whether these are all its bytes.
    bool whole() const { return whole_; }
    /// Of the file these bytes are from. Nothing when it changed while it was read, or so shortly before that
    /// another change could leave the same time: some file systems count time in steps of two seconds.
    const std::optional<FileStamp>& stamp() const { return stamp_; }

private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t length_ = 0;
    bool whole_ = true;
    std::optional<FileStamp> stamp_;
};

/// The start of a file, fewer bytes where it is shorter. Throws as FileBytes does.
std::vector<std::byte> first_bytes(const boost::filesystem::path& file, std::size_t most);

}  // namespace piaa::cli
