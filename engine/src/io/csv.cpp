#include <algorithm>
#include <cmath>
#include <cstdint>

#include <boost/filesystem/operations.hpp>

#include <piaa/csv.h>
#include <piaa/error.h>
#include <piaa/file_text.h>
#include <piaa/parse_number.h>

namespace piaa {
namespace {

/// Takes one row after the other off a text.
class CsvReader {
public:
    CsvReader(std::string_view text, const std::string& name, char delimiter)
        : text_(text), name_(name), delimiter_(delimiter) {
        if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
    }

    /// False at the end of the text.
    bool next(CsvTable::Row& row) {
        while (at_line_end()) end_line();
        if (text_.empty()) return false;
        row = {line_, {}};
        for (;;) {
            skip_blanks_before_quote();
            row.fields.push_back(text_.starts_with('"') ? quoted_field(row.line) : plain_field());
            if (!text_.starts_with(delimiter_)) break;
            text_.remove_prefix(1);
        }
        if (!text_.empty()) end_line();
        return true;
    }

private:
    bool at_line_end() const { return text_.starts_with('\n') || text_.starts_with("\r\n"); }

    void end_line() {
        text_.remove_prefix(text_.starts_with('\n') ? 1 : 2);
        ++line_;
    }

    bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != delimiter_; }

    void skip_blanks_before_quote() {
        std::size_t at = 0;
        while (at < text_.size() && is_blank(text_[at])) ++at;
        if (at < text_.size() && text_[at] == '"') text_.remove_prefix(at);
    }

    /// Without blanks round it: a name that has them is quoted.
    std::string plain_field() {
        std::size_t end = std::min({text_.find(delimiter_), text_.find('\n'), text_.size()});
        if (end < text_.size() && text_[end] == '\n' && end > 0 && text_[end - 1] == '\r') --end;
        std::string_view field = text_.substr(0, end);
        text_.remove_prefix(end);
        while (!field.empty() && is_blank(field.front())) field.remove_prefix(1);
        while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
        return std::string(field);
    }

    std::string quoted_field(std::size_t first_line) {
        std::string field;
        text_.remove_prefix(1);
        for (;;) {
            const std::size_t quote = text_.find('"');
            if (quote == std::string_view::npos) fail(first_line, "a quoted field that is never closed");
            line_ += static_cast<std::size_t>(std::count(text_.begin(), text_.begin() + quote, '\n'));
            field += text_.substr(0, quote);
            text_.remove_prefix(quote + 1);
            if (!text_.starts_with('"')) break;
            field += '"';
            text_.remove_prefix(1);
        }
        while (!text_.empty() && is_blank(text_.front())) text_.remove_prefix(1);
        if (!text_.empty() && !text_.starts_with(delimiter_) && !at_line_end())
            fail(line_, "text after a closing quote");
        return field;
    }

    [[noreturn]] void fail(std::size_t line, const std::string& what) const {
        throw Error(ErrorCode::bad_data, name_ + ": line " + std::to_string(line) + " has " + what);
    }

    std::string_view text_;
    const std::string& name_;
    char delimiter_;
    std::size_t line_ = 1;
};

/// Without the blanks that some write after a comma.
std::string_view trimmed(std::string_view field) {
    constexpr const char* blanks = " \t";
    const auto start = field.find_first_not_of(blanks);
    if (start == std::string_view::npos) return {};
    return field.substr(start, field.find_last_not_of(blanks) - start + 1);
}

void append_utf8(std::string& text, std::uint32_t point) {
    if (point < 0x80) {
        text += static_cast<char>(point);
        return;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr unsigned leads[] = {0, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(leads[more] | point >> (6 * more));
    for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (point >> (6 * i) & 0x3F));
}

/// UTF-16, which spreadsheets call "Unicode text", as UTF-8; anything else as it is. A header without a byte
/// order mark has a 0 in every other byte.
std::string in_utf8(std::string text, const std::string& name) {
    using namespace std::string_view_literals;
    if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv))
        throw Error(ErrorCode::bad_data, name + ": is UTF-32; save it again as CSV in UTF-8");
    const bool marked = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
    const bool bare = !marked && text.size() >= 4 && (text[0] == 0) != (text[1] == 0) &&
                      (text[0] == 0) == (text[2] == 0) && (text[1] == 0) == (text[3] == 0);
    if (!marked && !bare) return text;
    const bool little = marked ? text.starts_with("\xFF\xFE") : text[1] == 0;
    if (text.size() % 2 != 0)
        throw Error(ErrorCode::bad_data, name + ": is UTF-16 and cut off; save it again as CSV in UTF-8");
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const auto first = static_cast<unsigned char>(text[at]),
                   second = static_cast<unsigned char>(text[at + 1]);
        return little ? second << 8 | first : first << 8 | second;
    };
    std::string result;
    for (std::size_t i = marked ? 2 : 0; i < text.size(); i += 2) {
        std::uint32_t point = unit(i);
        const bool first_half = point >= 0xD800 && point < 0xDC00 && i + 2 < text.size();
        if (first_half && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
            point = 0x10000 + ((point - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
            i += 2;
        }
        append_utf8(result, point);
    }
    return result;
}

/// Old Macintoshes end lines with CR alone.
void mend_line_ends(std::string& text) {
    if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
}

/// What a first line like "sep=;" says, which some spreadsheets want and others write; it becomes an empty
/// line.
std::optional<char> named_delimiter(std::string& text) {
    const std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    if (end != start + 5 || text.compare(start, 4, "sep=") != 0) return std::nullopt;
    const char delimiter = text[start + 4];
    text.erase(0, end);
    return delimiter;
}

/// What stands between the fields of the header: spreadsheets of countries with a decimal comma write ';'.
char delimiter_of(std::string_view text) {
    std::string header;
    bool quoted = false;
    for (const char character : text.substr(0, text.find('\n'))) {
        if (character == '"') quoted = !quoted;
        if (!quoted) header += character;
    }
    for (const char delimiter : {',', ';', '\t'})
        if (header.find(delimiter) != std::string::npos) return delimiter;
    return ',';
}

}  // namespace

CsvTable::CsvTable(std::string_view text, std::string name, char delimiter)
    : name_(std::move(name)), decimal_comma_(delimiter != ',') {
    CsvReader reader(text, name_, delimiter);
    Row row;
    if (!reader.next(row))
        throw Error(ErrorCode::bad_data, name_ + ": the table is empty and should start with a header");
    for (const auto& field : row.fields) header_.emplace_back(trimmed(field));
    // Spreadsheets write columns in which there is nothing, or was something once.
    while (header_.size() > 1 && header_.back().empty()) header_.pop_back();
    auto sorted = header_;
    std::sort(sorted.begin(), sorted.end());
    const auto repeated = std::adjacent_find(sorted.begin(), sorted.end());
    if (repeated != sorted.end())
        throw Error(ErrorCode::bad_data, name_ + ": the header names column '" + *repeated + "' twice");
    while (reader.next(row)) {
        while (row.fields.size() > header_.size() && row.fields.back().empty()) row.fields.pop_back();
        if (row.fields.size() != header_.size())
            throw Error(ErrorCode::bad_data, name_ + ": line " + std::to_string(row.line) + " has " +
                                                 std::to_string(row.fields.size()) +
                                                 (row.fields.size() == 1 ? " field" : " fields") +
                                                 " instead of " + std::to_string(header_.size()));
        const bool blank =
            row.fields.size() > 1 && std::all_of(row.fields.begin(), row.fields.end(),
                                                 [](const auto& field) { return field.empty(); });
        if (!blank) rows_.push_back(std::move(row));
    }
}

std::optional<std::size_t> CsvTable::find_column(std::string_view column) const {
    auto found = std::find(header_.begin(), header_.end(), column);
    const auto same = [&](const std::string& name) {
        return std::equal(name.begin(), name.end(), column.begin(), column.end(), [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
        });
    };
    if (found == header_.end() && std::count_if(header_.begin(), header_.end(), same) == 1)
        found = std::find_if(header_.begin(), header_.end(), same);
    if (found == header_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header_.begin());
}

std::size_t CsvTable::column(std::string_view column) const {
    if (const auto found = find_column(column)) return *found;
    std::string known;
    for (const auto& name : header_) known += (known.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::bad_data,
                name_ + ": the columns are " + known + " and should include " + std::string(column));
}

double CsvTable::number(const Row& row, std::size_t column) const {
    std::string field(trimmed(row.fields.at(column)));
    // Where fields are parted by something else a comma is the decimal one; in a quoted field it is where it
    // cannot part thousands.
    const auto comma = field.find(',');
    if (comma != std::string::npos && (decimal_comma_ || field.size() - comma <= 3)) field[comma] = '.';
    const auto value = parse_number<double>(field);
    if (!value || !std::isfinite(*value))
        throw Error(ErrorCode::bad_data, name_ + ": line " + std::to_string(row.line) + ", column '" +
                                             header_[column] + "' is '" + field.substr(0, 40) +
                                             "' and should be a number");
    return *value;
}

CsvTable read_csv(const boost::filesystem::path& file, char delimiter) {
    boost::system::error_code ignored;
    if (boost::filesystem::is_directory(file, ignored))
        throw Error(ErrorCode::io, file.string() + ": is a folder and should be a table, CSV");
    std::string text = in_utf8(file_text(file), file.string());
    mend_line_ends(text);
    if (delimiter != ',') return {text, file.string(), delimiter};
    const auto named = named_delimiter(text);
    return {text, file.string(), named ? *named : delimiter_of(text)};
}

}  // namespace piaa
