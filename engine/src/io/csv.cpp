#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>

#include <piaa/csv.h>
#include <piaa/error.h>

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

    std::string plain_field() {
        std::size_t end = std::min({text_.find(delimiter_), text_.find('\n'), text_.size()});
        if (end < text_.size() && text_[end] == '\n' && end > 0 && text_[end - 1] == '\r') --end;
        std::string field(text_.substr(0, end));
        text_.remove_prefix(end);
        return field;
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

/// UTF-16 with a byte order mark, which spreadsheets call "Unicode text", as UTF-8; anything else as it is.
std::string in_utf8(std::string text, const std::string& name) {
    const bool little = text.starts_with("\xFF\xFE");
    if (!little && !text.starts_with("\xFE\xFF")) return text;
    if (text.size() % 2 != 0)
        throw Error(ErrorCode::bad_data, name + ": is UTF-16 and cut off; save it again as CSV in UTF-8");
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const auto first = static_cast<unsigned char>(text[at]),
                   second = static_cast<unsigned char>(text[at + 1]);
        return little ? second << 8 | first : first << 8 | second;
    };
    std::string result;
    for (std::size_t i = 2; i < text.size(); i += 2) {
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

/// What stands between the fields of the header: spreadsheets of countries with a decimal comma write ';'.
char delimiter_of(std::string_view text) {
    const std::string_view header = text.substr(0, text.find('\n'));
    if (header.find(',') != std::string_view::npos) return ',';
    return header.find(';') != std::string_view::npos    ? ';'
           : header.find('\t') != std::string_view::npos ? '\t'
                                                         : ',';
}

}  // namespace

CsvTable::CsvTable(std::string_view text, std::string name, char delimiter)
    : name_(std::move(name)), decimal_comma_(delimiter != ',') {
    CsvReader reader(text, name_, delimiter);
    Row row;
    if (!reader.next(row))
        throw Error(ErrorCode::bad_data, name_ + ": the table is empty and should start with a header");
    for (const auto& field : row.fields) header_.emplace_back(trimmed(field));
    auto sorted = header_;
    std::sort(sorted.begin(), sorted.end());
    const auto repeated = std::adjacent_find(sorted.begin(), sorted.end());
    if (repeated != sorted.end())
        throw Error(ErrorCode::bad_data, name_ + ": the header names column '" + *repeated + "' twice");
    while (reader.next(row)) {
        if (row.fields.size() != header_.size())
            throw Error(ErrorCode::bad_data, name_ + ": line " + std::to_string(row.line) + " has " +
                                                 std::to_string(row.fields.size()) + " fields instead of " +
                                                 std::to_string(header_.size()));
        rows_.push_back(std::move(row));
    }
}

std::optional<std::size_t> CsvTable::find_column(std::string_view column) const {
    const auto found = std::find(header_.begin(), header_.end(), column);
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
    // Where fields are parted by something else a comma is the decimal one.
    if (const auto comma = field.find(','); decimal_comma_ && comma != std::string::npos) field[comma] = '.';
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value))
        throw Error(ErrorCode::bad_data, name_ + ": line " + std::to_string(row.line) + ", column '" +
                                             header_[column] + "' is '" + field.substr(0, 40) +
                                             "' and should be a number");
    return value;
}

CsvTable read_csv(const boost::filesystem::path& file, char delimiter) {
    std::ifstream stream(file.string(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream.is_open() || stream.bad()) throw Error(ErrorCode::io, file.string() + ": cannot be read");
    text = in_utf8(std::move(text), file.string());
    return {text, file.string(), delimiter == ',' ? delimiter_of(text) : delimiter};
}

}  // namespace piaa
