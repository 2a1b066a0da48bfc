#include <cerrno>
#include <cstring>

#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/error.h>
#include <piaa/file_attributes.h>
#include <piaa/sha256.h>
#include <piaa/unfinished_file.h>
#include <piaa/whole_file.h>

namespace piaa {

namespace fs = boost::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& file, const char* what) {
    throw Error(ErrorCode::io, file.string() + ": " + what + ": " + std::strerror(errno));
}

/// The file being written, beside the one it will replace; gone again unless it was renamed.
class FileBeside {
public:
    /// bytes: that will be written. mode: what the file may be given from its first moment on, whoever could
    /// read it otherwise.
    FileBeside(const fs::path& target, std::span<const std::byte> bytes, mode_t mode)
        : target_(target),
          path_(unfinished_file(target, sha256(bytes))),
          descriptor_(make_unfinished(path_, mode)) {
        if (descriptor_ < 0) fail(target, "cannot write");
    }
    ~FileBeside() {
        if (!renamed_) ::unlink(path_.c_str());
    }
    FileBeside(const FileBeside&) = delete;
    FileBeside& operator=(const FileBeside&) = delete;

    void write(std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const auto written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) fail(target_, "cannot write");
            if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
    }

    void replace() {
        // Some network file systems know no fsync.
        if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
            fail(target_, "cannot write");
        if (::rename(path_.c_str(), target_.c_str()) != 0) fail(target_, "cannot replace");
        renamed_ = true;
    }

    const Descriptor& descriptor() const { return descriptor_; }

private:
    fs::path target_;  // what people know, and what errors name
    fs::path path_;
    Descriptor descriptor_;
    bool renamed_ = false;
};

}  // namespace

std::vector<std::byte> read_whole_file(const fs::path& file, std::size_t most) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0) fail(file, "cannot read");
    if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::io, file.string() + ": is not a regular file");
    if (static_cast<std::uintmax_t>(status.st_size) > most)
        throw Error(ErrorCode::io, file.string() + ": has " + std::to_string(status.st_size) +
                                       " bytes and should have at most " + std::to_string(most));
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count = ::read(descriptor, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno != EINTR) fail(file, "cannot read");
        if (count == 0) break;
        if (count > 0) done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

void write_whole_file(const fs::path& file, std::span<const std::byte> bytes, Keep keep) {
    boost::system::error_code none;
    const fs::path linked = fs::canonical(file, none);
    const fs::path target = none ? fs::absolute(file) : linked;

    struct stat status {};
    const bool replaces = ::stat(target.c_str(), &status) == 0;
    if (replaces && !S_ISREG(status.st_mode))
        throw Error(ErrorCode::io, file.string() + ": is not a regular file");
    if (replaces && ::access(target.c_str(), W_OK) != 0) fail(file, "cannot write");

    FileBeside beside(target, bytes, replaces ? status.st_mode & 0777 : 0666);
    beside.write(bytes);
    if (replaces) {
        // Who may write a file may not always read it, and then it has nothing that could be lost knowingly.
        const Descriptor old(::open(target.c_str(), O_RDONLY | O_CLOEXEC));
        if (old >= 0) {
            const auto missed = set_attributes(beside.descriptor(), attributes_of(old, file), false);
            if (!missed.empty() && keep == Keep::all) throw AttributesLost(file, missed.front());
        }
    }
    beside.replace();
}

AttributesLost::AttributesLost(const fs::path& file, const std::string& what)
    : Error(ErrorCode::io, file.string() + ": is left as it is, because its " + what + " cannot be kept") {}

}  // namespace piaa
