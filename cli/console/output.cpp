#include "console/output.h"

#include <cerrno>
#include <cstring>
#include <ostream>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <piaa/error.h>

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

[[noreturn]] void fail(const std::string& name, const std::string& what) {
    throw Error(ErrorCode::io,
                name + ": cannot be " + what + ": " + (errno ? std::strerror(errno) : "unknown reason"));
}

/// So that not even a loss of power leaves the new name with half of the content.
void bring_to_disk(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    errno = 0;
    const bool written = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    errno = reason;
    if (!written) fail(file.string(), "written");
}

}  // namespace

Output::Output(const fs::path& file, std::ostream& standard) : target_(file), standard_(standard) {
    if (file.empty()) return;
    boost::system::error_code ignored;
    if (fs::is_directory(file, ignored))
        throw Error(ErrorCode::io, file.string() + ": is a folder and should be a file");
    // Through a link to the file it names, so that the link stays.
    if (const auto real = fs::canonical(file, ignored); !ignored) target_ = real;
    const bool direct = fs::exists(target_, ignored) && !fs::is_regular_file(target_, ignored);
    if (!direct) partial_ = target_.string() + ".partial";
    errno = 0;
    file_.open((direct ? target_ : partial_).string(), std::ios::binary | std::ios::trunc);
    if (!file_) fail(file.string(), "written");
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
    bring_to_disk(partial_);
    boost::system::error_code problem;
    fs::rename(partial_, target_, problem);
    if (problem) throw Error(ErrorCode::io, target_.string() + ": cannot be written: " + problem.message());
    partial_.clear();
}

}  // namespace piaa::cli
