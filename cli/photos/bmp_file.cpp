#include "photos/bmp_file.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_image, "BMP " + reason);
}

/// Little-endian numbers at checked places.
class Bytes {
public:
    explicit Bytes(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::size_t size() const { return bytes_.size(); }
    unsigned u8(std::size_t at) const {
        if (at >= bytes_.size()) refuse("ends after " + std::to_string(bytes_.size()) + " bytes, too early");
        return static_cast<unsigned>(bytes_[at]);
    }
    std::uint32_t u16(std::size_t at) const { return u8(at) | u8(at + 1) << 8; }
    std::uint32_t u32(std::size_t at) const { return u16(at) | u16(at + 2) << 16; }

private:
    std::span<const std::byte> bytes_;
};

/// One colour's bits inside a pixel, brought to 0 to 255.
struct Channel {
    std::uint32_t mask = 0;
    unsigned value(std::uint32_t pixel) const {
        if (mask == 0) return 0;
        const int shift = std::countr_zero(mask);
        return static_cast<unsigned>(static_cast<std::uint64_t>((pixel & mask) >> shift) * 255 /
                                     (mask >> shift));
    }
};

struct Header {
    static constexpr std::size_t file_part = 14;

    std::size_t pixels_at, palette_at, palette_entry;
    std::size_t palette_count = 0;
    Size size;
    bool top_down = false;
    unsigned bits;
    std::array<Channel, 4> channels;  // red, green, blue, alpha; for 16 and 32 bits per pixel

    explicit Header(const Bytes& file) {
        const std::size_t length = file.u32(file_part);
        pixels_at = file.u32(10);
        palette_at = file_part + length;
        std::uint32_t compression = 0;
        if (length == 12) {
            size = {static_cast<int>(file.u16(18)), static_cast<int>(file.u16(20))};
            bits = file.u16(24);
            palette_entry = 3;
        } else {
            const auto width = static_cast<std::int32_t>(file.u32(18));
            const auto height = static_cast<std::int32_t>(file.u32(22));
            if (height == INT32_MIN) refuse("has a height that is no number of pixels");
            size = {width, std::abs(height)};
            top_down = height < 0;
            bits = file.u16(28);
            compression = file.u32(30);
            palette_count = file.u32(46);
            palette_entry = 4;
        }
        constexpr std::uint32_t plain = 0, bitfields = 3, bitfields_with_alpha = 6;
        if (size.width < 1 || size.height < 1)
            refuse("of " + std::to_string(size.width) + "x" + std::to_string(size.height) +
                   " pixels should be at least 1x1");
        if (compression == bitfields || compression == bitfields_with_alpha) {
            for (int c = 0; c < 3; ++c) channels[c].mask = file.u32(54 + 4 * c);
            if (length >= 56 || compression == bitfields_with_alpha) channels[3].mask = file.u32(66);
            if (length == 40) palette_at += compression == bitfields ? 12 : 16;
        } else if (compression == plain) {
            if (bits == 16) channels = {{{0x7c00}, {0x3e0}, {0x1f}, {}}};
            if (bits == 32) channels = {{{0xff0000}, {0xff00}, {0xff}, {}}};
        } else {
            refuse("is compressed (method " + std::to_string(compression) + ") and should not be");
        }
        if (bits <= 8 && (palette_count == 0 || palette_count > 1U << bits)) palette_count = 1U << bits;
    }
};

}  // namespace

Size bmp_size(std::span<const std::byte> file) {
    return Header(Bytes(file)).size;
}

Image read_bmp(std::span<const std::byte> bytes) {
    const Bytes file(bytes);
    const Header header(file);
    const auto [width, height] = header.size;
    const unsigned bits = header.bits;
    if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
        refuse("has " + std::to_string(bits) + " bits per pixel and should have 1, 4, 8, 16, 24 or 32");

    // Every row is padded to four bytes. The length is checked before memory is taken for the picture.
    const std::size_t stride = (static_cast<std::size_t>(width) * bits + 31) / 32 * 4;
    const std::size_t needed = header.pixels_at + stride * static_cast<std::size_t>(height);
    if (file.size() < needed)
        refuse("has " + std::to_string(file.size()) + " bytes and should have " + std::to_string(needed));

    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height * 3);
    for (int y = 0; y < height; ++y) {
        const std::size_t row = header.pixels_at + stride * (header.top_down ? y : height - 1 - y);
        std::uint8_t* out = pixels.data() + static_cast<std::size_t>(y) * width * 3;
        for (int x = 0; x < width; ++x, out += 3) {
            if (bits <= 8) {
                const std::size_t bit = static_cast<std::size_t>(x) * bits;
                const unsigned index = file.u8(row + bit / 8) >> (8 - bits - bit % 8) & ((1U << bits) - 1);
                if (index >= header.palette_count) refuse("names a colour that its palette does not have");
                const std::size_t entry = header.palette_at + index * header.palette_entry;
                for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(file.u8(entry + 2 - c));
            } else if (bits == 24) {
                const std::size_t at = row + static_cast<std::size_t>(x) * 3;
                for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(file.u8(at + 2 - c));
            } else {
                const std::size_t at = row + static_cast<std::size_t>(x) * (bits / 8);
                const std::uint32_t pixel = bits == 16 ? file.u16(at) : file.u32(at);
                const unsigned alpha = header.channels[3].mask ? header.channels[3].value(pixel) : 255;
                for (int c = 0; c < 3; ++c) {
                    const unsigned value = header.channels[c].value(pixel);
                    out[c] = static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
                }
            }
        }
    }
    return {header.size, std::move(pixels)};
}

}  // namespace piaa::cli
