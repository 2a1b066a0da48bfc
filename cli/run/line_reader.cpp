#include "run/line_reader.h"

#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace piaa::cli {

std::optional<LineReader::Line> LineReader::next() {
    std::size_t end = buffer_.find(separator_, searched_);
    while (end == std::string::npos && !ended_) {
        if (buffer_.size() > longest_) {
            buffer_.resize(longest_);
            too_long_ = true;
        }
        searched_ = buffer_.size();
        ended_ = !read_more();
        end = buffer_.find(separator_, searched_);
    }
    if (end == std::string::npos && buffer_.empty() && !too_long_) return std::nullopt;
    Line line{buffer_.substr(0, end), std::exchange(too_long_, false)};
    buffer_.erase(0, end == std::string::npos ? end : end + 1);
    searched_ = 0;
    if (line.text.size() > longest_) {
        line.text.resize(longest_);
        line.too_long = true;
    }
    return line;
}

/// Waits for more; false when there is none to come.
bool LineReader::read_more() {
    pollfd waiting[] = {{descriptor_, POLLIN, 0}, {wake_, POLLIN, 0}};
    while (::poll(waiting, wake_ < 0 ? 1 : 2, -1) < 0)
        if (errno != EINTR) return false;
    if (wake_ >= 0 && waiting[1].revents != 0) {
        buffer_.clear();
        searched_ = 0;
        too_long_ = false;
        return false;
    }
    char bytes[65536];
    const ssize_t count = ::read(descriptor_, bytes, sizeof bytes);
    if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace piaa::cli
