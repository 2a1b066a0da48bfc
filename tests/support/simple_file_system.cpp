// Loaded before libc (LD_PRELOAD): answers what Linux alone can do as simple file systems do (rclone, sshfs,
// gluster, MTP, SMB, exFAT), with the error whose number PIAA_REFUSE has: renames that must not replace, hard
// links, permissions, owners and extended attributes.
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

int refused() {
    const char* number = std::getenv("PIAA_REFUSE");
    errno = number != nullptr ? std::atoi(number) : EPERM;
    return -1;
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
