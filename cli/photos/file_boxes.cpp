#include "photos/file_boxes.h"

namespace piaa::cli {

using Bytes = std::span<const std::byte>;

std::uint64_t take_number(Bytes& bytes, std::size_t count) {
    if (bytes.size() < count) {
        bytes = {};
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<std::uint64_t>(bytes[i]);
    bytes = bytes.subspan(count);
    return value;
}

std::optional<FileBox> next_box(Bytes& rest) {
    const Bytes start = rest;
    if (rest.size() < 8) return std::nullopt;
    std::uint64_t length = take_number(rest, 4);
    const auto type = static_cast<std::uint32_t>(take_number(rest, 4));
    if (length == 1) length = take_number(rest, 8);
    const std::size_t header = start.size() - rest.size();
    if (length == 0) length = start.size();
    if (length < header || length > start.size()) return std::nullopt;
    rest = start.subspan(length);
    return FileBox{type, start.subspan(header, length - header)};
}

Bytes find_box(Bytes boxes, std::uint32_t type) {
    while (const auto box = next_box(boxes))
        if (box->type == type) return box->content;
    return {};
}

}  // namespace piaa::cli
