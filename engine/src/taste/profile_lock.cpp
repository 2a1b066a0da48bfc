#include <cerrno>
#include <cstring>
#include <thread>

#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/error.h>
#include <piaa/profile_lock.h>

namespace piaa {
namespace {

namespace fs = boost::filesystem;

constexpr std::chrono::milliseconds between_tries{20};

/// Two names of one file have one lock.
fs::path lock_file(const fs::path& profile) {
    boost::system::error_code problem;
    fs::path real = fs::weakly_canonical(profile, problem);
    if (problem) real = fs::absolute(profile);
    return real.parent_path() / ("." + real.filename().string() + ".lock");
}

/// rclone and NFS want a lock file open for writing; one that another user made may only be read.
int opened(const fs::path& file) {
    constexpr int flags = O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    const int descriptor = ::open(file.c_str(), O_RDWR | flags, 0666);
    return descriptor >= 0 || errno != EACCES ? descriptor : ::open(file.c_str(), O_RDONLY | flags, 0666);
}

/// Where the file system knows no locks, nobody can wait for anybody, and a profile can be saved all the
/// same.
bool knows_no_locks(int problem) {
    return problem == ENOLCK || problem == ENOSYS || problem == ENOTSUP || problem == EINVAL;
}

}  // namespace

ProfileLock::ProfileLock(const fs::path& profile, std::chrono::milliseconds wait)
    : file_(lock_file(profile)) {
    const auto end = std::chrono::steady_clock::now() + wait;
    for (;;) {
        descriptor_ = opened(file_);
        if (descriptor_ < 0)
            throw Error(ErrorCode::io, profile.string() + ": cannot be written: " + std::strerror(errno));
        const bool locked = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
        const int problem = errno;
        // Who had it before takes the file away.
        if (locked ? is_named(descriptor_, file_.c_str()) : knows_no_locks(problem)) return;
        ::close(descriptor_);
        if (!locked && problem != EWOULDBLOCK && problem != EINTR)
            throw Error(ErrorCode::io, profile.string() + ": cannot be locked: " + std::strerror(problem));
        if (std::chrono::steady_clock::now() >= end)
            throw Error(ErrorCode::io,
                        profile.string() +
                            ": another program is changing this profile and has not finished after " +
                            std::to_string(wait.count() / 1000) + " seconds: try again");
        if (!locked) std::this_thread::sleep_for(between_tries);
    }
}

ProfileLock::~ProfileLock() {
    // Before others get it: a file without a name is given up by who opened it meanwhile.
    ::unlink(file_.c_str());
    ::close(descriptor_);
}

}  // namespace piaa
