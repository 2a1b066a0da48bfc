#include "photos/icc_profile.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace piaa::cli {
namespace {

/// A big-endian number; 0 outside the profile, which no offset or length of use can be.
std::uint32_t number_at(std::span<const std::byte> profile, std::size_t at) {
    if (at + 4 > profile.size()) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint32_t>(profile[at + i]);
    return value;
}

/// The printable letters of the description tag: plain text in version 2, UTF-16 in version 4.
std::string description(std::span<const std::byte> profile) {
    constexpr std::uint32_t desc = 0x64657363;
    constexpr std::size_t header = 128, most_letters = 200;
    const std::uint32_t count = number_at(profile, header);
    for (std::uint32_t i = 0; i < count && i < 100; ++i) {
        const std::size_t entry = header + 4 + i * 12;
        if (number_at(profile, entry) != desc) continue;
        std::size_t at = number_at(profile, entry + 4), length = number_at(profile, entry + 8);
        if (at >= profile.size()) return {};
        length = std::min({length, profile.size() - at, most_letters});
        std::string text;
        // Skips the type's own name and reserved bytes.
        for (std::size_t k = 8; k < length; ++k) {
            const auto letter = static_cast<char>(profile[at + k]);
            if (letter >= ' ' && letter <= '~') text += letter;
        }
        return text;
    }
    return {};
}

}  // namespace

bool is_srgb_profile(std::span<const std::byte> profile) {
    // Whole names, because some profiles called "sRGB-..." are linear.
    constexpr std::array names = {"sRGB IEC61966", "sRGB built-in", "GIMP built-in sRGB", "sRGB2014"};
    const std::string text = description(profile);
    for (const std::string_view name : names)
        if (text.find(name) != std::string::npos) return true;
    return false;
}

}  // namespace piaa::cli
