#include "console/escape.h"

namespace piaa::cli {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

/// One step through a text: a whole UTF-8 letter, or a single byte that belongs to none.
struct Letter {
    std::string_view bytes;
    char32_t code = 0;
    bool valid = false;
};

Letter letter_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80) return {text.substr(at, 1), first, true};
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const Letter broken{text.substr(at, 1)};
    if (first < 0xc2 || first > 0xf4 || at + length > text.size()) return broken;
    char32_t code = first & (0x7f >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80) return broken;
        code = code << 6 | (byte(at + i) & 0x3f);
    }
    // Longer than needed, half of a UTF-16 pair, or past the last letter.
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < smallest[length] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return broken;
    return {text.substr(at, length), code, true};
}

template <typename Use>
void for_each_letter(std::string_view text, Use use) {
    for (std::size_t at = 0; at < text.size();) {
        const Letter letter = letter_at(text, at);
        use(letter);
        at += letter.bytes.size();
    }
}

void append_hex(std::string& text, std::string_view prefix, char byte) {
    const auto value = static_cast<unsigned char>(byte);
    text.append(prefix) += hex[value >> 4];
    text += hex[value & 15];
}

/// Control characters, and the marks that turn the direction of writing: they could make a name look another.
bool steers_terminal(char32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029;
}

std::size_t columns_of(char32_t code) {
    const bool wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                      (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                      (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
                      (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
    const bool combining = code >= 0x300 && code <= 0x36f;
    return combining ? 0 : wide ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view name) {
    std::string text;
    for_each_letter(name, [&](const Letter& letter) {
        if (letter.valid && !steers_terminal(letter.code))
            text += letter.bytes;
        else if (letter.code == '\n')
            text += "\\n";
        else
            for (const char byte : letter.bytes) append_hex(text, "\\x", byte);
    });
    return text;
}

std::string percent_escaped(std::string_view name) {
    std::string text;
    for_each_letter(name, [&](const Letter& letter) {
        if (letter.valid)
            text += letter.bytes;
        else
            append_hex(text, "%", letter.bytes.front());
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
    for_each_letter(text, [&](const Letter& letter) { columns += columns_of(letter.code); });
    return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
    constexpr std::string_view gap = "...";
    const std::size_t width = display_width(text);
    if (width <= columns || columns <= gap.size()) return std::string(text);
    const std::size_t before = (columns - gap.size()) / 3, after = columns - gap.size() - before;
    std::string start, end;
    std::size_t column = 0;
    for_each_letter(text, [&](const Letter& letter) {
        const std::size_t next = column + columns_of(letter.code);
        if (next <= before) start += letter.bytes;
        if (column >= width - after) end += letter.bytes;
        column = next;
    });
    return start.append(gap) + end;
}

}  // namespace piaa::cli
