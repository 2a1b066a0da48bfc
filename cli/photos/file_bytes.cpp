#include "photos/file_bytes.h"

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

/// A regular file that is open for reading.
class RegularFile {
public:
    explicit RegularFile(const boost::filesystem::path& file)
        // Without O_NONBLOCK a pipe that nobody writes to would hold us here for good.
        : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
        if (descriptor_ < 0 && errno != ENXIO) fail(errno);
        const bool known = descriptor_ >= 0 && ::fstat(descriptor_, &status_) == 0;
        if (known && S_ISREG(status_.st_mode)) return;
        const bool folder = known && S_ISDIR(status_.st_mode);
        close();
        throw Error(ErrorCode::io, folder ? "is a folder and should be an image file"
                                          : "is a pipe, socket or device and should be an image file");
    }
    ~RegularFile() { close(); }
    RegularFile(const RegularFile&) = delete;
    RegularFile& operator=(const RegularFile&) = delete;

    const struct stat& status() const { return status_; }

    /// Fills the buffer as far as the file goes and returns how far.
    std::size_t read(std::span<std::byte> buffer) {
        std::size_t length = 0;
        while (length < buffer.size()) {
            const ssize_t count = ::read(descriptor_, buffer.data() + length, buffer.size() - length);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail(errno);
            if (count == 0) break;
            length += static_cast<std::size_t>(count);
        }
        return length;
    }

    std::optional<FileStamp> stamp_now() const {
        struct stat now {};
        if (::fstat(descriptor_, &now) != 0) return std::nullopt;
        return stamp_of(now);
    }

private:
    void close() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    int descriptor_;
    struct stat status_ {};
};

}  // namespace

std::optional<FileStamp> file_stamp(const boost::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return stamp_of(status);
}

FileBytes::FileBytes(const boost::filesystem::path& path) {
    RegularFile file(path);
    const std::int64_t start = now();
    const FileStamp before = stamp_of(file.status());
    const auto size = static_cast<std::size_t>(before.size);
    bytes_ = std::make_unique_for_overwrite<std::byte[]>(size);
    length_ = file.read({bytes_.get(), size});
    if (length_ == size && file.stamp_now() == before && before.time + coarsest_time <= start)
        stamp_ = before;
}

std::vector<std::byte> first_bytes(const boost::filesystem::path& path, std::size_t most) {
    std::vector<std::byte> bytes(most);
    bytes.resize(RegularFile(path).read(bytes));
    return bytes;
}

}  // namespace piaa::cli
