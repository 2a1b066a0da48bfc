#include "file_bytes.h"

#include <cerrno>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

FileStamp stamp_of(const struct stat& status) {
    return {static_cast<std::int64_t>(status.st_size),
            static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec,
            static_cast<std::int64_t>(status.st_ino)};
}

constexpr std::int64_t coarsest_time = 2'000'000'000;  // of FAT, which memory cards have

std::int64_t now() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

[[noreturn]] void fail(int reason) {
    throw Error(ErrorCode::io, std::string("cannot be read: ") + std::strerror(reason));
}

/// Closes a descriptor at the end of its scope.
struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

}  // namespace

std::optional<FileStamp> file_stamp(const boost::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return stamp_of(status);
}

FileBytes::FileBytes(const boost::filesystem::path& file) {
    // Without O_NONBLOCK a pipe that nobody writes to would hold us here for good.
    const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat before {};
    if (descriptor.number < 0) {
        if (errno == ENXIO)
            throw Error(ErrorCode::io, "is a pipe, socket or device and should be an image file");
        fail(errno);
    }
    if (::fstat(descriptor.number, &before) != 0) fail(errno);
    if (S_ISDIR(before.st_mode)) throw Error(ErrorCode::io, "is a folder and should be an image file");
    if (!S_ISREG(before.st_mode))
        throw Error(ErrorCode::io, "is a pipe, socket or device and should be an image file");
    const std::int64_t start = now();
    const auto size = static_cast<std::size_t>(before.st_size);
    bytes_ = std::make_unique_for_overwrite<std::byte[]>(size);
    while (length_ < size) {
        const ssize_t count = ::read(descriptor.number, bytes_.get() + length_, size - length_);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(errno);
        if (count == 0) break;
        length_ += static_cast<std::size_t>(count);
    }
    struct stat after {};
    if (::fstat(descriptor.number, &after) == 0 && length_ == size && stamp_of(before) == stamp_of(after) &&
        stamp_of(after).time + coarsest_time <= start)
        stamp_ = stamp_of(after);
}

}  // namespace piaa::cli
