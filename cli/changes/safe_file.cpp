#include "changes/safe_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaa/error.h>

#include "photos/file_hash.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

[[noreturn]] void fail(const fs::path& file, const char* what, int reason = errno) {
    throw Error(ErrorCode::io, file.string() + ": cannot be " + what + ": " + std::strerror(reason));
}

/// Gives a file a name that is free; 0 or the reason why not. No file is ever replaced.
int rename_to_free_name(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // A file system that cannot do that in one step: a second name, then the first one goes.
    if (::link(from.c_str(), to.c_str()) != 0) return errno;
    return ::unlink(from.c_str()) == 0 ? 0 : errno;
}

class Descriptor {
public:
    Descriptor(const fs::path& file, int flags, const char* purpose)
        : number_(::open(file.c_str(), flags | O_CLOEXEC, 0600)) {
        if (number_ < 0) fail(file, purpose);
    }
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const { return number_; }

private:
    int number_;
};

/// name: of the copy in the end, and in errors.
void copy_bytes(const fs::path& from, const fs::path& to, const fs::path& name) {
    const Descriptor source(from, O_RDONLY, "read"), target(to, O_WRONLY | O_CREAT | O_EXCL, "written");
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
    struct stat status {};
    if (::fstat(source, &status) != 0) fail(from, "read");
    ::fchmod(target, status.st_mode & 0777);
    const timespec times[] = {status.st_atim, status.st_mtim};
    ::futimens(target, times);
    if (::fsync(target) != 0) fail(name, "written");
    ::posix_fadvise(target, 0, 0, POSIX_FADV_DONTNEED);  // so that the check reads the disk where it can
}

}  // namespace

void copy_file(const fs::path& from, const fs::path& to, const std::string& sha256) {
    const fs::path beside = to.parent_path() / fs::unique_path(".piaa-%%%%%%%%.partial");
    const auto discard = [&] { ::unlink(beside.c_str()); };
    try {
        copy_bytes(from, beside, to);
        if (sha256_of_file(beside) != sha256)
            throw Error(ErrorCode::io,
                        to.string() + ": the copy differs from " + from.string() + " and is not kept");
        if (const int reason = rename_to_free_name(beside, to)) fail(to, "written", reason);
    } catch (...) {
        discard();
        throw;
    }
}

void move_file(const fs::path& from, const fs::path& to) {
    const int reason = rename_to_free_name(from, to);
    if (reason == 0) return;
    if (reason != EXDEV) fail(to, "written", reason);
    copy_file(from, to, sha256_of_file(from));
    remove_file(from);
}

void link_file(const fs::path& target, const fs::path& link) {
    if (::symlink(target.c_str(), link.c_str()) != 0) fail(link, "made");
}

void remove_file(const fs::path& file) {
    if (::unlink(file.c_str()) != 0) fail(file, "removed");
}

}  // namespace piaa::cli
