#include "console/output.h"

#include <cerrno>
#include <cstring>
#include <ostream>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <piaa/error.h>

#include "photos/image_format.h"

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

[[noreturn]] void fail(const std::string& name, const std::string& what, ErrorCode code = ErrorCode::io) {
    throw Error(code,
                name + ": cannot be " + what + ": " + (errno ? std::strerror(errno) : "unknown reason"));
}

/// Opens the file beside, empty and for this run alone; below 0 where that fails. partial: gets a name that
/// nobody else has where another run has the file locked, or gave it its final name just now.
int open_partial(fs::path& partial) {
    constexpr int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
    constexpr mode_t mode = 0666;
    const int number = ::open(partial.c_str(), flags, mode);
    if (number < 0) return number;
    // Where a file system has no locks, there is one name.
    const bool taken = ::flock(number, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && is_named(number, partial.c_str()) && ::ftruncate(number, 0) == 0) return number;
    ::close(number);
    partial += fs::unique_path("-%%%%%%%%");
    return ::open(partial.c_str(), flags | O_EXCL, mode);
}

/// The file that a name stands for, so that a link stays a link, also one to a file that is not there yet.
fs::path named_by(const fs::path& file) {
    boost::system::error_code problem;
    if (const auto real = fs::canonical(file, problem); !problem) return real;
    constexpr int most_links = 40;  // as Linux follows
    fs::path target = file;
    for (int i = 0; fs::is_symlink(fs::symlink_status(target, problem)); ++i) {
        errno = ELOOP;
        if (i == most_links) fail(file.string(), "written", ErrorCode::bad_argument);
        const fs::path next = fs::read_symlink(target, problem);
        target = next.is_absolute() ? next : target.parent_path() / next;
    }
    return target;
}

}  // namespace

Output::Output(const fs::path& file, std::ostream& standard) : target_(file), standard_(standard) {
    if (file.empty()) return;
    boost::system::error_code ignored;
    if (fs::is_directory(file, ignored))
        throw Error(ErrorCode::bad_argument, file.string() + ": is a folder and should be a file");
    target_ = named_by(file);
    const std::string ending = boost::algorithm::to_lower_copy(target_.extension().string());
    const char* work = has_image_suffix(target_) ? "photo"
                       : ending == ".pt"         ? "profile"
                       : ending == ".xmp"        ? "sidecar"
                                                 : nullptr;
    if (work != nullptr && fs::exists(target_, ignored))
        throw Error(ErrorCode::bad_argument,
                    file.string() + ": is a " + work + " by its name and is not written over");
    const bool direct = fs::exists(target_, ignored) && !fs::is_regular_file(target_, ignored);
    if (!direct) partial_ = target_.string() + ".partial";
    errno = 0;
    if (!direct) opened_.emplace(open_partial(partial_));
    if (opened_ && *opened_ < 0)
        fail((errno == EISDIR ? partial_ : file).string(), "written", ErrorCode::bad_argument);
    file_.open((direct ? target_ : partial_).string(),
               std::ios::binary | (direct ? std::ios::trunc : std::ios::app));
    if (!file_) fail(file.string(), "written", ErrorCode::bad_argument);
}

Output::~Output() {
    if (partial_.empty()) return;
    file_.close();
    boost::system::error_code ignored;
    if (fs::is_regular_file(partial_, ignored) && fs::file_size(partial_, ignored) == 0)
        fs::remove(partial_, ignored);
}

void Output::flush() {
    errno = 0;
    stream().flush();
    if (!stream()) fail(target_.empty() ? "standard output" : target_.string(), "written");
}

void Output::complete() {
    flush();
    if (partial_.empty()) return;
    file_.close();
    // So that not even a loss of power leaves the new name with half of the content.
    errno = 0;
    if (::fsync(*opened_) != 0) fail(partial_.string(), "written");
    boost::system::error_code problem;
    fs::rename(partial_, target_, problem);
    if (problem) throw Error(ErrorCode::io, target_.string() + ": cannot be written: " + problem.message());
    partial_.clear();
    opened_.reset();
}

}  // namespace piaa::cli
