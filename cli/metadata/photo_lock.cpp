#include "metadata/photo_lock.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>

#include <piaa/error.h>

#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

constexpr std::chrono::seconds longest_wait{30};
constexpr std::chrono::milliseconds between_tries{2};

}  // namespace

PhotoLock::PhotoLock(const boost::filesystem::path& photo) {
    const auto files = picture_files(photo);
    const auto& file = *std::min_element(files.begin(), files.end());
    const auto end = std::chrono::steady_clock::now() + longest_wait;
    for (;;) {
        file_ = std::make_unique<Descriptor>(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        if (*file_ < 0) return;
        const bool locked = ::flock(*file_, LOCK_EX | LOCK_NB) == 0;
        if (locked ? is_named(*file_, file.c_str()) : errno != EWOULDBLOCK && errno != EINTR) return;
        if (std::chrono::steady_clock::now() >= end)
            throw Error(ErrorCode::io, file.string() +
                                           ": another program keeps it locked; neither it nor its "
                                           "sidecar was changed");
        std::this_thread::sleep_for(between_tries);
    }
}

}  // namespace piaa::cli
