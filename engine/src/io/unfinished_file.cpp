#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>
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

/// Whether a process is writing a regular file, which it then has locked; unknown where there are no locks,
/// nothing where there is no such file.
std::optional<Writer> writer_of(const fs::path& unfinished) {
    const Descriptor left(::open(unfinished.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    if (left < 0 || ::fstat(left, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    if (::flock(left, LOCK_SH | LOCK_NB) == 0) return Writer::none;
    return errno == EWOULDBLOCK ? Writer::at_work : Writer::unknown;
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
    return writer_of(unfinished) == Writer::none;
}

bool clear_unfinished(const fs::path& unfinished) {
    const auto writer = writer_of(unfinished);
    return writer && *writer != Writer::at_work && ::unlink(unfinished.c_str()) == 0;
}

int make_unfinished(fs::path& unfinished, mode_t mode) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int number = ::open(unfinished.c_str(), flags, mode);
    if (number < 0 && errno == EEXIST) {
        clear_unfinished(unfinished);
        number = ::open(unfinished.c_str(), flags, mode);
    }
    if (number < 0 && (errno == EEXIST || errno == ENAMETOOLONG)) {
        unfinished = unfinished.parent_path() / fs::unique_path(mark + "%%%%%%%%");
        number = ::open(unfinished.c_str(), flags, mode);
    }
    if (number >= 0) [[maybe_unused]]
        const int unlocked = ::flock(number, LOCK_EX | LOCK_NB);
    return number;
}

}  // namespace piaa
