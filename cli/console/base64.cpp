#include "console/base64.h"

#include <array>
#include <cstdint>

namespace piaa::cli {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_digit = 64;

constexpr auto values = [] {
    std::array<std::uint8_t, 256> all{};
    all.fill(no_digit);
    for (std::size_t i = 0; i < digits.size(); ++i)
        all[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
    return all;
}();

}  // namespace

std::string base64(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() / 3 * 4 + 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t j = 0; j < 3; ++j)
            three = three << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += i + j <= bytes.size() ? digits[three >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::uint32_t three = 0;
        std::size_t padding = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const bool may_pad = i + 4 == text.size() && j >= 2;
            const std::uint32_t value = values[static_cast<unsigned char>(text[i + j])];
            if (text[i + j] == '=' && may_pad)
                ++padding;
            else if (value == no_digit || padding > 0)
                return std::nullopt;
            three = three << 6 | (value == no_digit ? 0 : value);
        }
        for (std::size_t j = 0; j < 3 - padding; ++j) bytes += static_cast<char>(three >> (16 - 8 * j));
    }
    return bytes;
}

}  // namespace piaa::cli
