#pragma once

#include <string>
#include <string_view>

namespace piaa::cli {

/// A name for people: one line, nothing that could steer a terminal. Control characters, line ends and bytes
/// that are not UTF-8 become "\n" or "\x1b"; everything else stays.
std::string printable(std::string_view name);

bool is_utf8(std::string_view name);

/// A name for JSON and HTML: bytes that are not UTF-8 become "%80" to "%ff", and a '%' that would look as if
/// it began one of these, or itself, "%25"; everything else stays. So two names never become the same.
std::string percent_escaped(std::string_view name);

/// One field of a CSV row (RFC 4180): quoted when it holds a comma, a quote or a line end.
std::string csv_field(std::string_view field);

/// How many columns a terminal gives this UTF-8 text; wide East Asian letters take two.
std::size_t display_width(std::string_view text);

/// The text in at most `columns`, its middle replaced by "...": the ends of a path say most.
std::string shortened(std::string_view text, std::size_t columns);

/// The start of a file's name that leaves room for `more` bytes, without half a letter of UTF-8 at its end.
std::string name_start(const std::string& name, std::size_t more);

}  // namespace piaa::cli
