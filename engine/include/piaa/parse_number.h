#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace piaa {

/// The number that a text is, whatever the locale; nothing where it holds anything else, blanks included, or
/// where the type cannot hold the number.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [last, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc() || last != end) return std::nullopt;
    return number;
}

}  // namespace piaa
