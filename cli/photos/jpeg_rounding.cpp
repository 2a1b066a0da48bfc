#include "photos/jpeg_rounding.h"

#include <array>

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t steps_of_a_table = 64;

int number(Bytes bytes, std::size_t at) {
    return std::to_integer<int>(bytes[at]);
}

/// The mean step of each table, by its number; 0 for one that is not there.
using Tables = std::array<double, 4>;

/// The tables of one segment; false where they are cut off or have no such number.
bool read_tables(Bytes content, Tables& tables) {
    while (!content.empty()) {
        const std::size_t bytes = number(content, 0) >> 4 == 0 ? 1 : 2;
        const std::size_t which = number(content, 0) & 15;
        if (which >= tables.size() || content.size() < 1 + bytes * steps_of_a_table) return false;
        double sum = 0;
        for (std::size_t i = 0; i < steps_of_a_table; ++i)
            sum += bytes == 1 ? number(content, 1 + i)
                              : number(content, 1 + 2 * i) << 8 | number(content, 2 + 2 * i);
        tables[which] = sum / steps_of_a_table;
        content = content.subspan(1 + bytes * steps_of_a_table);
    }
    return true;
}

bool is_frame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// The table of the frame's first plane; nothing where the frame is cut off.
std::optional<std::size_t> first_table(Bytes frame) {
    constexpr std::size_t place =
        8;  // behind precision, size, number of planes, and the plane's id and sampling
    if (frame.size() <= place) return std::nullopt;
    return number(frame, place);
}

}  // namespace

std::optional<double> jpeg_rounding(Bytes file) {
    if (file.size() < 2 || number(file, 0) != 0xFF || number(file, 1) != 0xD8) return std::nullopt;
    Tables tables{};
    std::optional<std::size_t> table;
    for (std::size_t at = 2; at + 4 <= file.size();) {
        if (number(file, at) != 0xFF) return std::nullopt;
        const int marker = number(file, at + 1);
        if (marker == 0xFF) {  // filled up
            ++at;
            continue;
        }
        if (marker == 0xDA) break;
        const std::size_t length = number(file, at + 2) << 8 | number(file, at + 3);
        if (length < 2 || at + 2 + length > file.size()) return std::nullopt;
        const Bytes content = file.subspan(at + 4, length - 2);
        if (marker == 0xDB && !read_tables(content, tables)) return std::nullopt;
        if (is_frame(marker)) table = first_table(content);
        at += 2 + length;
    }
    if (!table || *table >= tables.size() || tables[*table] <= 0) return std::nullopt;
    return tables[*table];
}

}  // namespace piaa::cli
