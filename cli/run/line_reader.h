#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace piaa::cli {

/// Splits what arrives on a descriptor into lines, and hands each out as soon as it has ended.
class LineReader {
public:
    struct Line {
        std::string text;
        bool too_long = false;  ///< longer than `longest`; the text is its start
    };

    /// separator: what ends a line, '\n' or '\0'. wake: another descriptor, which ends the reading when it
    /// becomes readable; -1 for none. longest: bytes of a line that are kept.
    LineReader(int descriptor, char separator, int wake, std::size_t longest)
        : descriptor_(descriptor), separator_(separator), wake_(wake), longest_(longest) {}

    /// Waits for the next line, of which the last need not be ended; nothing when there are no more.
    std::optional<Line> next();

private:
    bool read_more();

    int descriptor_;
    char separator_;
    int wake_;
    std::size_t longest_;
    bool ended_ = false;
    std::string buffer_;
    std::size_t searched_ = 0;  // so much of the buffer holds no separator
    bool too_long_ = false;     // the line that is being read
};

}  // namespace piaa::cli
