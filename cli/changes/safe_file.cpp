#include "changes/safe_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/error.h>
#include <piaa/file_attributes.h>
#include <piaa/unfinished_file.h>

#include "photos/file_hash.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

[[noreturn]] void fail(const fs::path& file, const char* what, int reason = errno) {
    throw Error(ErrorCode::io, file.string() + ": cannot be " + what + ": " + std::strerror(reason));
}

/// For file systems that know neither RENAME_NOREPLACE nor hard links, as FUSE, SMB and FAT: an empty file of
/// ours holds the name until the file takes it.
int rename_to_held_name(const fs::path& from, const fs::path& to) {
    if (Descriptor(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) < 0) return errno;
    if (::rename(from.c_str(), to.c_str()) == 0) return 0;
    const int reason = errno;
    struct stat status {};
    if (::stat(to.c_str(), &status) == 0 && status.st_size == 0) ::unlink(to.c_str());
    if (reason != EEXIST) return reason;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;  // no name may be taken there, held or not
}

/// Gives a file a name that is free; 0 or the reason why not. No file is ever replaced.
int rename_to_free_name(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno == EXDEV || errno == EEXIST || errno == ENOENT || errno == ENOSPC) return errno;
    // A file system that cannot do that in one step: a second name, then the first one goes.
    if (::link(from.c_str(), to.c_str()) == 0) {
        if (::unlink(from.c_str()) == 0) return 0;
        const int reason = errno;
        ::unlink(to.c_str());
        return reason;
    }
    if (errno == EXDEV || errno == EEXIST || errno == ENOENT || errno == ENOSPC) return errno;
    return rename_to_held_name(from, to);
}

/// name: of the copy in the end, for errors. Returns the attributes that could not be given.
std::vector<std::string> copy_bytes(const fs::path& from, int source, int target, const fs::path& name) {
    std::string piece(1 << 20, '\0');
    for (ssize_t count; (count = ::read(source, piece.data(), piece.size())) != 0;) {
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(from, "read");
        for (ssize_t done = 0; done < count;) {
            const ssize_t written =
                ::write(target, piece.data() + done, static_cast<std::size_t>(count - done));
            if (written < 0 && errno != EINTR) fail(name, "written");
            if (written > 0) done += written;
        }
    }
    auto missed = set_attributes(target, attributes_of(source, from), true);
    if (::fsync(target) != 0 && errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) fail(name, "written");
    ::posix_fadvise(target, 0, 0, POSIX_FADV_DONTNEED);  // so that the check reads the disk where it can
    return missed;
}

/// Some file systems (rclone) show a file only when it is closed, and say only then that it was not written.
std::vector<std::string> copy_and_close(const fs::path& from, int source, int target, const fs::path& name) {
    std::vector<std::string> missed;
    try {
        missed = copy_bytes(from, source, target, name);
    } catch (...) {
        ::close(target);
        throw;
    }
    if (::close(target) != 0) fail(name, "written");
    return missed;
}

void check_copy(const fs::path& from, const fs::path& copy, const fs::path& to, const std::string& sha256) {
    if (sha256_of_file(copy) != sha256)
        throw Error(ErrorCode::io,
                    to.string() + ": the copy differs from " + from.string() + " and is not kept");
}

/// A file without a name, which nobody has to clear away when the program is killed; then it gets one.
std::optional<std::vector<std::string>> copy_without_name(const fs::path& from, int source, mode_t mode,
                                                          const fs::path& to, const std::string& sha256) {
    const fs::path folder = to.parent_path().empty() ? fs::path(".") : to.parent_path();
    const Descriptor target(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode));
    if (target < 0) return std::nullopt;
    const fs::path itself = "/proc/self/fd/" + std::to_string(target);
    auto missed = copy_bytes(from, source, target, to);
    check_copy(from, itself, to, sha256);
    if (::linkat(AT_FDCWD, itself.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0) return missed;
    if (errno == EEXIST) fail(to, "written");
    if (::lseek(source, 0, SEEK_SET) != 0) fail(from, "read");
    return std::nullopt;
}

std::vector<std::string> copy_under_name(const fs::path& from, int source, mode_t mode, const fs::path& to,
                                         const std::string& sha256) {
    fs::path beside = unfinished_file(to, sha256);
    const int number = make_unfinished(beside, mode);
    if (number < 0) fail(to, "written");
    try {
        auto missed = copy_and_close(from, source, number, to);
        check_copy(from, beside, to, sha256);
        if (const int reason = rename_to_free_name(beside, to)) fail(to, "written", reason);
        return missed;
    } catch (...) {
        ::unlink(beside.c_str());
        throw;
    }
}

/// Where a link lies that is not yet the link.
fs::path unfinished_link(const fs::path& link, const fs::path& target) {
    return unfinished_file(link, sha256_of(target.string()));
}

}  // namespace

std::vector<std::string> copy_file(const fs::path& from, const fs::path& to, const std::string& sha256) {
    const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (source < 0 || ::fstat(source, &status) != 0) fail(from, "read");
    const mode_t mode = status.st_mode & 0777;
    if (auto missed = copy_without_name(from, source, mode, to, sha256)) return *missed;
    return copy_under_name(from, source, mode, to, sha256);
}

std::vector<std::string> move_file(const fs::path& from, const fs::path& to) {
    const int reason = rename_to_free_name(from, to);
    if (reason == 0) return {};
    if (reason == EPERM)
        fail(from, "moved", reason);  // of an immutable file, or another owner's in a sticky folder
    if (reason != EXDEV) fail(to, "written", reason);
    auto missed = copy_file(from, to, sha256_of_file(from));
    // Gone already: of another run that moves it too, or of somebody who took it away. The copy is whole.
    if (::unlink(from.c_str()) == 0 || errno == ENOENT) return missed;
    const int kept = errno;
    ::unlink(to.c_str());
    fail(from, "removed", kept);
}

void link_file(const fs::path& target, const fs::path& link) {
    if (::symlink(target.c_str(), link.c_str()) != 0) fail(link, "made");
}

void link_like(const fs::path& target, const fs::path& link, const fs::path& like) {
    struct stat before {};
    const bool known = ::lstat(like.c_str(), &before) == 0;
    link_file(target, link);
    if (!known) return;
    // Not every file system has these of links.
    if (::lchown(link.c_str(), before.st_uid, before.st_gid) != 0) errno = 0;
    const struct timespec times[2] = {before.st_atim, before.st_mtim};
    if (::utimensat(AT_FDCWD, link.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) errno = 0;
}

void clear_unfinished_link(const fs::path& link, const fs::path& target) {
    const fs::path beside = unfinished_link(link, target);
    if (link_text(beside) == target) ::unlink(beside.c_str());
}

void relink_file(const fs::path& target, const fs::path& link) {
    const fs::path beside = unfinished_link(link, target);
    clear_unfinished_link(link, target);
    link_like(target, beside, link);
    if (::rename(beside.c_str(), link.c_str()) == 0) return;
    const int reason = errno;
    ::unlink(beside.c_str());
    fail(link, "changed", reason);
}

std::optional<fs::path> link_text(const fs::path& file) {
    boost::system::error_code no_link;
    const fs::path text = fs::read_symlink(file, no_link);
    return no_link ? std::nullopt : std::optional(text);
}

void remove_file(const fs::path& file) {
    if (::unlink(file.c_str()) != 0) fail(file, "removed");
}

}  // namespace piaa::cli
