#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace piaa::cli {

/// The boxes of which HEIC, AVIF, CR3 and JPEG XL files are made (ISO/IEC 14496-12).
struct FileBox {
    std::uint32_t type = 0;  ///< as box_name() has it
    std::span<const std::byte> content;
};

/// Four letters as one number.
constexpr std::uint32_t box_name(std::string_view letters) {
    std::uint32_t value = 0;
    for (const char letter : letters) value = value << 8 | static_cast<unsigned char>(letter);
    return value;
}

/// A big-endian number taken off the front; 0 from what is too short, which is then empty.
std::uint64_t take_number(std::span<const std::byte>& bytes, std::size_t count);

/// The next of a sequence of boxes; nothing at its end or where it is damaged.
std::optional<FileBox> next_box(std::span<const std::byte>& rest);

/// The content of the first box of a type; nothing where there is none.
std::span<const std::byte> find_box(std::span<const std::byte> boxes, std::uint32_t type);

}  // namespace piaa::cli
