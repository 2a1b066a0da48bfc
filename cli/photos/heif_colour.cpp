#include "photos/heif_colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

/// A big-endian number taken off the front; 0 from what is too short.
std::uint64_t take(Bytes& bytes, std::size_t count) {
    if (bytes.size() < count) {
        bytes = {};
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<std::uint64_t>(bytes[i]);
    bytes = bytes.subspan(count);
    return value;
}

struct Box {
    std::uint32_t type = 0;
    Bytes content;
};

constexpr std::uint32_t name(std::string_view letters) {
    std::uint32_t value = 0;
    for (const char letter : letters) value = value << 8 | static_cast<unsigned char>(letter);
    return value;
}

/// The next of a sequence of boxes; nothing at its end or where it is damaged.
std::optional<Box> next_box(Bytes& rest) {
    const Bytes start = rest;
    if (rest.size() < 8) return std::nullopt;
    std::uint64_t length = take(rest, 4);
    const auto type = static_cast<std::uint32_t>(take(rest, 4));
    if (length == 1) length = take(rest, 8);
    const std::size_t header = start.size() - rest.size();
    if (length == 0) length = start.size();
    if (length < header || length > start.size()) return std::nullopt;
    rest = start.subspan(length);
    return Box{type, start.subspan(header, length - header)};
}

Bytes find(Bytes boxes, std::uint32_t type) {
    while (const auto box = next_box(boxes))
        if (box->type == type) return box->content;
    return {};
}

/// The numbers, from 1, of the properties that belong to the primary picture.
std::vector<std::size_t> primary_properties(Bytes meta, Bytes properties) {
    Bytes pitm = find(meta, name("pitm")), ipma = find(properties, name("ipma"));
    const bool long_primary = take(pitm, 4) >> 24 != 0;
    const auto primary = take(pitm, long_primary ? 4 : 2);
    const auto head = take(ipma, 4);
    const bool long_item = head >> 24 != 0, long_index = (head & 1) != 0;
    std::vector<std::size_t> indices;
    for (auto items = take(ipma, 4); items > 0 && !ipma.empty(); --items) {
        const bool wanted = take(ipma, long_item ? 4 : 2) == primary;
        for (auto count = take(ipma, 1); count > 0; --count) {
            const auto index = take(ipma, long_index ? 2 : 1) & (long_index ? 0x7FFF : 0x7F);
            if (wanted) indices.push_back(index);
        }
    }
    return indices;
}

/// Light in cd/m2 for each 16-bit number.
const std::vector<float>& light_of_pq() {
    static const std::vector<float> table = [] {
        constexpr double m1 = 2610 / 16384.0, m2 = 2523 / 32.0, c1 = 3424 / 4096.0, c2 = 2413 / 128.0,
                         c3 = 2392 / 128.0;
        std::vector<float> light(65536);
        for (std::size_t i = 0; i < light.size(); ++i) {
            const double root = std::pow(static_cast<double>(i) / 65535, 1 / m2);
            light[i] =
                static_cast<float>(1e4 * std::pow(std::max(root - c1, 0.0) / (c2 - c3 * root), 1 / m1));
        }
        return light;
    }();
    return table;
}

std::uint8_t srgb_of(float linear) {
    const float light = std::clamp(linear, 0.0F, 1.0F);
    const float curve = light <= 0.0031308F ? 12.92F * light : 1.055F * std::pow(light, 1 / 2.4F) - 0.055F;
    return static_cast<std::uint8_t>(std::lround(255 * curve));
}

}  // namespace

HeifColour heif_colour(Bytes file) {
    Bytes meta = find(file, name("meta"));
    take(meta, 4);
    const Bytes properties = find(meta, name("iprp"));
    const auto wanted = primary_properties(meta, properties);
    Bytes container = find(properties, name("ipco"));
    for (std::size_t index = 1; const auto box = next_box(container); ++index) {
        if (box->type != name("colr") || std::find(wanted.begin(), wanted.end(), index) == wanted.end())
            continue;
        Bytes colour = box->content;
        if (take(colour, 4) != name("nclx") || colour.size() < 6) continue;
        const auto primaries = take(colour, 2), transfer = take(colour, 2);
        return {transfer == 16, primaries == 9};
    }
    return {};
}

std::vector<std::uint8_t> pq_to_srgb(std::span<const std::uint16_t> pixels, bool bt2020) {
    constexpr float white = 203, knee = 0.75F;
    constexpr std::array<std::array<float, 3>, 3> to_bt709 = {
        {{1.6605F, -0.5876F, -0.0728F}, {-0.1246F, 1.1329F, -0.0083F}, {-0.0182F, -0.1006F, 1.1187F}}};
    const auto& light = light_of_pq();
    std::vector<std::uint8_t> result(pixels.size());
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
        std::array<float, 3> rgb{};
        for (std::size_t c = 0; c < 3; ++c) rgb[c] = light[pixels[i + c]] / white;
        if (bt2020) {
            const auto wide = rgb;
            for (std::size_t c = 0; c < 3; ++c)
                rgb[c] = to_bt709[c][0] * wide[0] + to_bt709[c][1] * wide[1] + to_bt709[c][2] * wide[2];
        }
        const float largest = std::max({rgb[0], rgb[1], rgb[2]});
        const float shown =
            largest <= knee ? largest : knee + (1 - knee) * (1 - std::exp((knee - largest) / (1 - knee)));
        for (std::size_t c = 0; c < 3; ++c)
            result[i + c] = srgb_of(largest > 0 ? rgb[c] * shown / largest : 0);
    }
    return result;
}

}  // namespace piaa::cli
