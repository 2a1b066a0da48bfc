#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <span>
#include <string>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/sha256.h>
#include <piaa/unfinished_file.h>

namespace piaa {
namespace {

namespace fs = boost::filesystem;

constexpr std::size_t longest_name = 255, digits = 8;
const std::string mark = ".piaa-";

enum class Writer { none, at_work, unknown };

/// A regular file that somebody left, or is writing.
class LeftFile {
public:
    explicit LeftFile(const fs::path& name)
        : name_(name), file_(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {}

    bool is_there() const {
        struct stat status {};
        return file_ >= 0 && ::fstat(file_, &status) == 0 && S_ISREG(status.st_mode);
    }
    /// Nobody can begin to write it after this until the object goes. A shared lock, since NFS gives no other
    /// one to who may only read.
    Writer writer() const {
        if (::flock(file_, LOCK_SH | LOCK_NB) == 0) return Writer::none;
        return errno == EWOULDBLOCK ? Writer::at_work : Writer::unknown;
    }
    bool remove() const { return is_named(file_, name_.c_str()) && ::unlink(name_.c_str()) == 0; }

private:
    fs::path name_;
    Descriptor file_;
};

/// Locks a file that was made just now; false where another process took it for left before that.
bool is_kept(int number, const fs::path& unfinished) {
    const bool locked = ::flock(number, LOCK_EX) == 0;  // who looks whether it was left does not take long
    return !locked || is_named(number, unfinished.c_str());
}

}  // namespace

fs::path unfinished_file(const fs::path& file, const std::string& sha256_of_bytes) {
    const std::string name = file.filename().string(), end = mark + sha256_of_bytes.substr(0, digits);
    if (1 + name.size() + end.size() <= longest_name) return file.parent_path() / ("." + name + end);
    const std::string both = name + end;
    return file.parent_path() / (mark + sha256(std::as_bytes(std::span(both))).substr(0, digits));
}

bool is_unfinished_name(const std::string& name) {
    if (name.size() < mark.size() + digits || name.front() != '.') return false;
    const std::size_t number = name.size() - digits;
    return name.compare(number - mark.size(), mark.size(), mark) == 0 &&
           std::all_of(name.begin() + static_cast<std::ptrdiff_t>(number), name.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_abandoned(const fs::path& unfinished) {
    const LeftFile left(unfinished);
    return left.is_there() && left.writer() == Writer::none;
}

bool clear_unfinished(const fs::path& unfinished) {
    const LeftFile left(unfinished);
    return left.is_there() && left.writer() != Writer::at_work && left.remove();
}

int make_unfinished(fs::path& unfinished, mode_t mode) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int number = ::open(unfinished.c_str(), flags, mode);
    if (number < 0 && errno == EEXIST) {
        // Where nobody can tell whether somebody is writing it, it may be somebody's.
        if (const LeftFile left(unfinished); left.is_there() && left.writer() == Writer::none) left.remove();
        number = ::open(unfinished.c_str(), flags, mode);
    }
    if (number >= 0 && is_kept(number, unfinished)) return number;
    if (number < 0 && errno != EEXIST && errno != ENAMETOOLONG) return number;
    if (number >= 0) ::close(number);
    unfinished = unfinished.parent_path() / fs::unique_path(mark + "%%%%%%%%");
    number = ::open(unfinished.c_str(), flags, mode);
    if (number >= 0) is_kept(number, unfinished);
    return number;
}

}  // namespace piaa
