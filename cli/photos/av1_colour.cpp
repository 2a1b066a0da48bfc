#include "photos/av1_colour.h"

#include <algorithm>
#include <vector>

#include "photos/bit_reader.h"

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

constexpr unsigned sequence_header = 1;

struct Unit {
    unsigned type = 0;
    Bytes content;
};

/// A length, seven bits a byte from the lowest.
std::optional<std::size_t> take_length(Bytes& rest) {
    std::size_t length = 0;
    for (unsigned shift = 0; shift < 35 && !rest.empty(); shift += 7) {
        const auto byte = static_cast<std::size_t>(rest.front());
        rest = rest.subspan(1);
        length |= (byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return length;
    }
    return std::nullopt;
}

std::optional<Unit> next_unit(Bytes& rest) {
    if (rest.empty()) return std::nullopt;
    const auto head = static_cast<unsigned>(rest.front());
    const std::size_t header = (head & 4) != 0 ? 2 : 1;
    if (rest.size() < header) return std::nullopt;
    rest = rest.subspan(header);
    const auto length = (head & 2) != 0 ? take_length(rest) : rest.size();
    // Of a stream that is cut off the start may still say it.
    if (!length) return std::nullopt;
    const Unit unit{head >> 3 & 15, rest.first(std::min(*length, rest.size()))};
    rest = rest.subspan(unit.content.size());
    return unit;
}

/// How fast pictures follow each other, and what decoders may count on.
void skip_operation(BitReader& bits) {
    unsigned delay_bits = 0;
    if (bits.flag()) {
        bits.skip(64);
        if (bits.flag()) bits.number();
        if (bits.flag()) {
            delay_bits = bits.take(5) + 1;
            bits.skip(32 + 5 + 5);
        }
    }
    const bool displayed_later = bits.flag();
    for (unsigned points = bits.take(5) + 1; points > 0; --points) {
        bits.skip(12);
        if (bits.take(5) > 7) bits.skip(1);
        if (delay_bits > 0 && bits.flag()) bits.skip(2 * delay_bits + 1);
        if (displayed_later && bits.flag()) bits.skip(4);
    }
}

/// What may be used between pictures.
void skip_tools(BitReader& bits) {
    bits.skip(4);
    const bool ordered = bits.flag();
    if (ordered) bits.skip(2);
    const bool screen = bits.flag() || bits.flag();
    if (screen && !bits.flag()) bits.skip(1);
    if (ordered) bits.skip(3);
}

std::optional<CodedColour> colour_in(Bytes header) {
    BitReader bits(std::vector<std::byte>(header.begin(), header.end()));
    const unsigned profile = bits.take(3);
    bits.skip(1);
    const bool reduced = bits.flag();  // of a still picture
    if (reduced)
        bits.skip(5);
    else
        skip_operation(bits);
    const unsigned width_bits = bits.take(4) + 1, height_bits = bits.take(4) + 1;
    bits.skip(width_bits + height_bits);
    if (!reduced && bits.flag()) bits.skip(4 + 3);
    bits.skip(3);
    if (!reduced) skip_tools(bits);
    bits.skip(3);
    const bool deep = bits.flag();
    if (profile == 2 && deep) bits.skip(1);
    if (profile != 1) bits.skip(1);  // without colours
    if (!bits.flag()) return std::nullopt;
    return take_colour(bits);
}

}  // namespace

std::optional<CodedColour> colour_of_av1(Bytes units) {
    while (const auto unit = next_unit(units))
        if (unit->type == sequence_header) return colour_in(unit->content);
    return std::nullopt;
}

}  // namespace piaa::cli
