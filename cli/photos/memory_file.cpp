#include "photos/memory_file.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

[[noreturn]] void fail() {
    throw Error(ErrorCode::io, std::string("bytes in memory cannot be made a file: ") + std::strerror(errno));
}

}  // namespace

MemoryFile::MemoryFile(std::span<const std::byte> bytes) : descriptor_(::memfd_create("piaa", MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail();
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            ::close(descriptor_);
            fail();
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

MemoryFile::~MemoryFile() {
    ::close(descriptor_);
}

boost::filesystem::path MemoryFile::path() const {
    return "/proc/self/fd/" + std::to_string(descriptor_);
}

}  // namespace piaa::cli
