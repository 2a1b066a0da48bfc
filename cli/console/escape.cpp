#include "console/escape.h"

#include <algorithm>

#include <utf8proc.h>

namespace piaa::cli {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

/// One step through a text: a code point in UTF-8, or a single byte that belongs to none.
struct CodePoint {
    std::string_view bytes;
    char32_t code = 0;
    bool valid = false;
};

CodePoint code_point_at(std::string_view text, std::size_t at) {
    utf8proc_int32_t code = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                         static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (length <= 0) return {text.substr(at, 1)};
    return {text.substr(at, static_cast<std::size_t>(length)), static_cast<char32_t>(code), true};
}

template <typename Use>
void for_each_code_point(std::string_view text, Use use) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint code_point = code_point_at(text, at);
        use(code_point);
        at += code_point.bytes.size();
    }
}

void append_hex(std::string& text, std::string_view prefix, char byte) {
    const auto value = static_cast<unsigned char>(byte);
    text.append(prefix) += hex[value >> 4];
    text += hex[value & 15];
}

/// Whether what stands after a '%' would be read as the escape of a byte: "25", "80" to "ff".
bool looks_escaped(std::string_view after) {
    if (after.size() < 2) return false;
    const auto first = hex.find(after[0]), second = hex.find(after[1]);
    return first != hex.npos && second != hex.npos && (first >= 8 || after.starts_with("25"));
}

/// Control characters, line separators, and the marks that turn the direction of writing: they could make a
/// name look another.
bool is_control_or_bidi(char32_t code) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

std::size_t columns_of(const CodePoint& code_point) {
    if (!code_point.valid) return 1;
    return static_cast<std::size_t>(
        std::max(0, utf8proc_charwidth(static_cast<utf8proc_int32_t>(code_point.code))));
}

}  // namespace

std::string printable(std::string_view name) {
    std::string text;
    for_each_code_point(name, [&](const CodePoint& code_point) {
        if (code_point.valid && !is_control_or_bidi(code_point.code))
            text += code_point.bytes;
        else if (code_point.code == '\n')
            text += "\\n";
        else
            for (const char byte : code_point.bytes) append_hex(text, "\\x", byte);
    });
    return text;
}

bool is_utf8(std::string_view name) {
    bool valid = true;
    for_each_code_point(name, [&](const CodePoint& code_point) { valid = valid && code_point.valid; });
    return valid;
}

std::string percent_escaped(std::string_view name) {
    std::string text;
    std::size_t end = 0;
    for_each_code_point(name, [&](const CodePoint& code_point) {
        end += code_point.bytes.size();
        if (!code_point.valid || (code_point.code == '%' && looks_escaped(name.substr(end))))
            append_hex(text, "%", code_point.bytes.front());
        else
            text += code_point.bytes;
    });
    return text;
}

std::string csv_field(std::string_view field) {
    const auto blank = [](char letter) { return letter == ' ' || letter == '\t'; };
    const bool padded = !field.empty() && (blank(field.front()) || blank(field.back()));
    if (!padded && field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(field);
    std::string quoted = "\"";
    for (const char letter : field) {
        if (letter == '"') quoted += '"';
        quoted += letter;
    }
    return quoted + '"';
}

std::size_t display_width(std::string_view text) {
    std::size_t columns = 0;
    for_each_code_point(text, [&](const CodePoint& code_point) { columns += columns_of(code_point); });
    return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
    constexpr std::string_view gap = "...";
    const std::size_t width = display_width(text);
    if (width <= columns || columns <= gap.size()) return std::string(text);
    const std::size_t before = (columns - gap.size()) / 3, after = columns - gap.size() - before;
    std::string start, end;
    std::size_t column = 0;
    for_each_code_point(text, [&](const CodePoint& code_point) {
        const std::size_t next = column + columns_of(code_point);
        if (next <= before) start += code_point.bytes;
        if (column >= width - after) end += code_point.bytes;
        column = next;
    });
    return start.append(gap) + end;
}

std::string name_start(const std::string& name, std::size_t more) {
    constexpr std::size_t longest_name = 255;
    std::size_t length = std::min(name.size(), longest_name - std::min(longest_name, more));
    const auto is_inside_letter = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    while (length > 0 && length < name.size() && is_inside_letter(name[length])) --length;
    return name.substr(0, length);
}

}  // namespace piaa::cli
