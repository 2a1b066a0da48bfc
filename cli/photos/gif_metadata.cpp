#include "photos/gif_metadata.h"

#include <string_view>

namespace piaa::cli {
namespace {

constexpr unsigned extension = 0x21, application = 0xFF, picture = 0x2C;
constexpr std::string_view xmp_application = "\x0bXMP DataXMP";
/// Behind the packet: the numbers from 255 down to 0, so that readers of blocks, who took the packet's
/// letters for lengths, find the end wherever they come in.
constexpr std::size_t trailer = 258;

class Reader {
public:
    explicit Reader(std::string_view file) : file_(file) {}

    std::string xmp() {
        at_ = 13 + table(byte(10));
        while (at_ < file_.size()) {
            const unsigned kind = byte(at_++);
            if (kind == picture) {
                at_ += 9 + table(byte(at_ + 8)) + 1;  // its place, its colours, the size of its codes
            } else if (kind == extension) {
                const bool ours =
                    byte(at_++) == application && file_.substr(at_).starts_with(xmp_application);
                if (ours) return packet(at_ + xmp_application.size());
            } else {
                break;
            }
            skip_blocks();
        }
        return "";
    }

private:
    unsigned byte(std::size_t at) const {
        return at < file_.size() ? static_cast<unsigned char>(file_[at]) : 0;
    }
    /// Bytes of a table of colours.
    static std::size_t table(unsigned flags) {
        return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
    }
    void skip_blocks() {
        while (const unsigned length = byte(at_)) at_ += length + 1;
        ++at_;
    }
    std::string packet(std::size_t start) {
        at_ = start;
        skip_blocks();
        if (at_ > file_.size() || at_ < start + trailer) return "damaged";
        return std::string(file_.substr(start, at_ - trailer - start));
    }

    std::string_view file_;
    std::size_t at_ = 0;
};

}  // namespace

std::string xmp_in_gif(std::span<const std::byte> file) {
    return Reader({reinterpret_cast<const char*>(file.data()), file.size()}).xmp();
}

}  // namespace piaa::cli
