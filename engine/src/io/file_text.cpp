#include <cerrno>
#include <cstddef>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/error.h>
#include <piaa/file_text.h>

namespace piaa {

// A stream's iterators throw what is no Error of ours where a read fails, and its lines end as if the file
// did.
std::string file_text(const boost::filesystem::path& file) {
    const auto fail = [&] {
        throw Error(ErrorCode::io, file.string() + ": cannot be read: " + std::strerror(errno));
    };
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor < 0) fail();
    std::string text;
    for (std::size_t used = 0;;) {
        text.resize(used + (std::size_t{1} << 16) + used / 2);
        const ssize_t count = ::read(descriptor, text.data() + used, text.size() - used);
        if (count < 0 && errno != EINTR) fail();
        if (count > 0) used += static_cast<std::size_t>(count);
        if (count == 0) {
            text.resize(used);
            return text;
        }
    }
}

}  // namespace piaa
