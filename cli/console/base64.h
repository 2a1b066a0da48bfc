#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace piaa::cli {

/// Bytes as letters, digits, '+' and '/', padded with '='.
std::string base64(std::string_view bytes);

/// The bytes again, also of the alphabet for URLs ('-' and '_') and without padding; nothing when the text is
/// no base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace piaa::cli
