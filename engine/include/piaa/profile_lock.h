#pragma once

#include <chrono>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

namespace piaa {

/// Held while a profile is read, changed and written back, so that no other program's change is lost in
/// between. Meanwhile an empty file lies beside the profile: ".me.pt.lock" beside "me.pt". The lock itself is
/// the kernel's (flock) and ends with the process, so a crash leaves none.
class PIAA_API ProfileLock {
public:
    static constexpr std::chrono::milliseconds usual_wait{10'000};

    /// Waits for others at most so long. Throws Error(io), naming the profile, when the lock is not had by
    /// then or no file can be made in the profile's folder.
    explicit ProfileLock(const boost::filesystem::path& profile, std::chrono::milliseconds wait = usual_wait);
    ~ProfileLock();
    ProfileLock(const ProfileLock&) = delete;
    ProfileLock& operator=(const ProfileLock&) = delete;

private:
    boost::filesystem::path file_;
    int descriptor_ = -1;
};

}  // namespace piaa
