#include "photos/hevc_colour.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "photos/bit_reader.h"

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

/// A unit without the bytes that keep it from looking like a start code: 3 after two zeros.
std::vector<std::byte> without_escapes(Bytes unit) {
    std::vector<std::byte> bytes;
    std::size_t zeros = 0;
    for (const std::byte each : unit) {
        const bool escape = zeros >= 2 && each == std::byte{3};
        zeros = each == std::byte{0} ? zeros + 1 : 0;
        if (!escape) bytes.push_back(each);
    }
    return bytes;
}

void skip_profile(BitReader& bits, unsigned sub_layers) {
    bits.skip(88 + 8);
    std::array<bool, 8> profile{}, level{};
    for (unsigned i = 0; i < sub_layers; ++i) {
        profile[i] = bits.flag();
        level[i] = bits.flag();
    }
    if (sub_layers > 0) bits.skip(2 * (8 - sub_layers));
    for (unsigned i = 0; i < sub_layers; ++i) bits.skip((profile[i] ? 88 : 0) + (level[i] ? 8 : 0));
}

void skip_scaling_lists(BitReader& bits) {
    for (int size = 0; size < 4; ++size)
        for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
            if (!bits.flag()) {
                bits.number();  // the same as another list
                continue;
            }
            bits.skip_numbers(std::min(64, 1 << (4 + 2 * size)) + (size > 1 ? 1 : 0));
        }
}

/// Which earlier pictures a picture may refer to; a still has none, a frame of a sequence some.
void skip_reference_sets(BitReader& bits) {
    const std::uint32_t count = std::min(bits.number(), 64U);
    std::uint32_t last = 0;
    for (std::uint32_t i = 0; i < count && bits.whole(); ++i) {
        std::uint32_t pictures = 0;
        if (i > 0 && bits.flag()) {
            bits.flag();
            bits.number();
            for (std::uint32_t j = 0; j <= last; ++j)
                if (bits.flag() || bits.flag()) ++pictures;
        } else {
            pictures = std::min(bits.number(), 16U);
            pictures += std::min(bits.number(), 16U);
            for (std::uint32_t j = 0; j < pictures; ++j) {
                bits.number();
                bits.flag();
            }
        }
        last = pictures;
    }
}

/// Up to the VUI. Returns whether there is one.
bool skip_to_vui(BitReader& bits) {
    bits.skip(16 + 4);  // the unit's header, the video parameter set
    const unsigned sub_layers = bits.take(3);
    bits.flag();
    skip_profile(bits, sub_layers);
    bits.number();
    if (bits.number() == 3) bits.flag();  // three planes in full size, perhaps coded apart
    bits.skip_numbers(2);
    if (bits.flag()) bits.skip_numbers(4);  // what is cut off at the edges
    bits.skip_numbers(2);
    const std::uint32_t order_bits = bits.number() + 4;
    const unsigned described = bits.flag() ? sub_layers + 1 : 1;
    bits.skip_numbers(static_cast<int>(3 * described + 6));
    if (bits.flag() && bits.flag()) skip_scaling_lists(bits);
    bits.skip(2);
    if (bits.flag()) {  // samples kept as they are
        bits.skip(8);
        bits.skip_numbers(2);
        bits.flag();
    }
    skip_reference_sets(bits);
    if (bits.flag())
        for (std::uint32_t count = std::min(bits.number(), 32U); count > 0; --count)
            bits.skip(order_bits + 1);
    bits.skip(2);
    return bits.flag() && bits.whole();
}

std::optional<CodedColour> colour_in(Bytes parameter_set) {
    BitReader bits(without_escapes(parameter_set));
    if (!skip_to_vui(bits)) return std::nullopt;
    if (bits.flag() && bits.take(8) == 255) bits.skip(32);  // the shape of a sample
    if (bits.flag()) bits.flag();
    if (!bits.flag()) return std::nullopt;
    bits.skip(4);
    if (!bits.flag()) return std::nullopt;
    return take_colour(bits);
}

}  // namespace

std::optional<CodedColour> colour_of_hevc(Bytes configuration) {
    constexpr unsigned sequence_parameter_set = 33;
    const auto number = [&](std::size_t at, std::size_t count) {
        std::size_t value = 0;
        for (std::size_t i = at; i < at + count && i < configuration.size(); ++i)
            value = value << 8 | static_cast<std::size_t>(configuration[i]);
        return value;
    };
    std::size_t at = 23;
    for (std::size_t arrays = number(22, 1); arrays > 0; --arrays) {
        const std::size_t type = number(at, 1) & 63;
        std::size_t units = number(at + 1, 2);
        at += 3;
        for (; units > 0; --units) {
            const std::size_t length = number(at, 2);
            if (at + 2 + length > configuration.size()) return std::nullopt;
            if (type == sequence_parameter_set) return colour_in(configuration.subspan(at + 2, length));
            at += 2 + length;
        }
    }
    return std::nullopt;
}

}  // namespace piaa::cli
