#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace piaa::test {

/// A file that holds one fuzzed input after the other, for readers that take files. In memory where the
/// system has a place for that.
class InputFile {
public:
    explicit InputFile(const std::string& suffix) {
        const boost::filesystem::path memory("/dev/shm");
        const auto folder = boost::filesystem::is_directory(memory) && ::access("/dev/shm", W_OK) == 0
                                ? memory
                                : boost::filesystem::temp_directory_path();
        path_ = (folder / ("piaa-fuzz-" + std::to_string(::getpid()) + suffix)).string();
    }
    ~InputFile() { ::unlink(path_.c_str()); }
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    void set(const std::uint8_t* data, std::size_t size) const {
        const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
        ::close(file);
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace piaa::test
