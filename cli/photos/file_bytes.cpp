#include "photos/file_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

FileStamp stamp_of(const struct stat& status, const struct statfs& system) {
    return {static_cast<std::int64_t>(status.st_size),
            static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec,
            keeps_inodes(system.f_type) ? static_cast<std::int64_t>(status.st_ino) : 0};
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

    /// The last bytes; fewer where the file has become shorter.
    std::vector<std::byte> end(std::size_t count) const {
        std::vector<std::byte> bytes(count);
        const ssize_t read =
            ::pread(descriptor_, bytes.data(), count, status_.st_size - static_cast<off_t>(count));
        bytes.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
        return bytes;
    }

    std::optional<FileStamp> stamp_now() const {
        struct stat now {};
        struct statfs system {};
        if (::fstat(descriptor_, &now) != 0 || ::fstatfs(descriptor_, &system) != 0) return std::nullopt;
        return stamp_of(now, system);
    }

private:
    void close() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    int descriptor_;
    struct stat status_ {};
};

}  // namespace

bool keeps_inodes(long file_system) {
    switch (static_cast<std::uint32_t>(file_system)) {
        case 0x65735546:  // FUSE
        case 0xff534d42:  // SMB, by the name of CIFS
        case 0xfe534d42:  // SMB 2
        case 0x01021997:  // 9P
            return false;
        default:
            return true;
    }
}

std::optional<FileStamp> file_stamp(const boost::filesystem::path& file) {
    struct stat status {};
    struct statfs system {};
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    if (::statfs(file.c_str(), &system) != 0) return std::nullopt;
    return stamp_of(status, system);
}

FileBytes::FileBytes(const boost::filesystem::path& path) {
    RegularFile file(path);
    const std::int64_t start = now();
    const auto before = file.stamp_now();
    const auto size = static_cast<std::size_t>(file.status().st_size);
    bytes_ = std::make_unique_for_overwrite<std::byte[]>(size);
    length_ = file.read({bytes_.get(), size});
    if (before && length_ == size && file.stamp_now() == before && before->time + coarsest_time <= start)
        stamp_ = before;
}

FileBytes::FileBytes(std::span<const std::byte> sent)
    : bytes_(std::make_unique_for_overwrite<std::byte[]>(sent.size())), length_(sent.size()) {
    std::copy(sent.begin(), sent.end(), bytes_.get());
}

FileBytes::FileBytes(const boost::filesystem::path& path, const ReadingGoal& goal) {
    constexpr std::size_t piece = 1 << 17, end_bytes = 2;
    RegularFile file(path);
    const auto size = static_cast<std::size_t>(file.status().st_size);
    bytes_ = std::make_unique_for_overwrite<std::byte[]>(size);
    FarEnough far_enough = FarEnough::not_yet;
    while (length_ < size && far_enough != FarEnough::yes) {
        const std::size_t left = size - length_;
        const std::size_t wanted = far_enough == FarEnough::all ? left : std::min(piece, left);
        const std::size_t read = file.read({bytes_.get() + length_, wanted});
        length_ += read;
        if (read < wanted) break;
        if (far_enough == FarEnough::not_yet && length_ < size)
            far_enough = goal(span(), file.end(end_bytes));
    }
    whole_ = far_enough != FarEnough::yes;
}

std::vector<std::byte> first_bytes(const boost::filesystem::path& path, std::size_t most) {
    std::vector<std::byte> bytes(most);
    bytes.resize(RegularFile(path).read(bytes));
    return bytes;
}

}  // namespace piaa::cli
