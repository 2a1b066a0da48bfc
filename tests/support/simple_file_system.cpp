// Loaded before libc (LD_PRELOAD): answers what Linux alone can do as simple file systems do (rclone, sshfs,
// gluster, MTP, SMB, exFAT), with the error whose number PIAA_REFUSE has: renames that must not replace, hard
// links, permissions, owners, extended attributes, and files made to be read only. There are no locks, who
// sets one time of a file sets none, and a new file is there when it is closed.
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

int refused() {
    const char* number = std::getenv("PIAA_REFUSE");
    errno = number != nullptr ? std::atoi(number) : EPERM;
    return -1;
}

/// Names of the new files that are being written, by their descriptors; never destroyed, because others close
/// files until the end.
struct Unfinished {
    std::mutex mutex;
    std::map<int, std::string> names;
};
Unfinished& unfinished() {
    static auto* const all = new Unfinished;
    return *all;
}

bool is_unfinished(const char* file) {
    auto& all = unfinished();
    const std::lock_guard lock(all.mutex);
    for (const auto& [number, name] : all.names)
        if (name == file) return true;
    return false;
}

}  // namespace

#define PIAA_PRELOADED extern "C" __attribute__((visibility("default")))

PIAA_PRELOADED int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                             unsigned flags) {
    return flags != 0 ? refused() : ::renameat(from_folder, from, to_folder, to);
}
PIAA_PRELOADED int link(const char*, const char*) noexcept {
    return refused();
}
PIAA_PRELOADED int linkat(int, const char*, int, const char*, int) noexcept {
    return refused();
}
PIAA_PRELOADED int fchmod(int, mode_t) noexcept {
    return refused();
}
PIAA_PRELOADED int fchown(int, uid_t, gid_t) noexcept {
    return refused();
}
PIAA_PRELOADED int fsetxattr(int, const char*, const void*, size_t, int) noexcept {
    return refused();
}
PIAA_PRELOADED int open(const char* file, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = static_cast<mode_t>(va_arg(more, int));
    va_end(more);
    if ((flags & O_CREAT) != 0 && (flags & O_ACCMODE) == O_RDONLY) return refused();
    if ((flags & O_CREAT) == 0 && is_unfinished(file)) {
        errno = ENOENT;
        return -1;
    }
    const int number = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, file, flags, mode));
    if (number >= 0 && (flags & (O_CREAT | O_ACCMODE)) == (O_CREAT | O_WRONLY)) {
        auto& all = unfinished();
        const std::lock_guard lock(all.mutex);
        all.names[number] = file;
    }
    return number;
}
using Fopen = FILE* (*)(const char*, const char*);
PIAA_PRELOADED FILE* fopen(const char* file, const char* mode) {
    static const auto real = reinterpret_cast<Fopen>(::dlsym(RTLD_NEXT, "fopen"));
    errno = ENOENT;
    return is_unfinished(file) ? nullptr : real(file, mode);
}
PIAA_PRELOADED FILE* fopen64(const char* file, const char* mode) {
    return fopen(file, mode);
}
PIAA_PRELOADED int close(int number) {
    {
        auto& all = unfinished();
        const std::lock_guard lock(all.mutex);
        all.names.erase(number);
    }
    return static_cast<int>(::syscall(SYS_close, number));
}
PIAA_PRELOADED int flock(int, int) noexcept {
    errno = ENOLCK;
    return -1;
}
PIAA_PRELOADED int futimens(int file, const timespec times[2]) noexcept {
    if (times[0].tv_nsec == UTIME_OMIT || times[1].tv_nsec == UTIME_OMIT) return 0;
    return static_cast<int>(::syscall(SYS_utimensat, file, nullptr, times, 0));
}
