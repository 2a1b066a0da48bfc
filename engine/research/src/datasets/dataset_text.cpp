#include "datasets/dataset_text.h"

#include <cmath>
#include <sstream>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/file_text.h>
#include <piaa/parse_number.h>

namespace piaa {
namespace {

constexpr const char* blanks = " \t\r";

std::string without_blanks(const std::string& text) {
    const auto first = text.find_first_not_of(blanks);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string shown(double number) {
    std::ostringstream text;
    text << number;
    return text.str();
}

/// NaN when the text is no number.
double parsed(const std::string& text) {
    return parse_number<double>(text).value_or(std::nan(""));
}

[[noreturn]] void refuse(const std::string& file, std::size_t line, const std::string& column,
                         const std::string& found, double low, double high) {
    throw Error(ErrorCode::bad_data, file + ": line " + std::to_string(line) + ", column " + column +
                                         " is '" + found.substr(0, 40) + "' and should be a number from " +
                                         shown(low) + " to " + shown(high));
}

}  // namespace

TextTable::TextTable(const boost::filesystem::path& file, std::size_t fields) : name_(file.string()) {
    std::istringstream stream(file_text(file));
    std::string text;
    for (std::size_t number = 1; std::getline(stream, text); ++number) {
        TextLine line{number, {}};
        std::istringstream parts(text);
        for (std::string part; parts >> part;) line.fields.push_back(part);
        if (line.fields.empty()) continue;
        if (line.fields.size() != fields)
            throw Error(ErrorCode::bad_data, name_ + ": line " + std::to_string(number) + " has " +
                                                 std::to_string(line.fields.size()) +
                                                 " columns and should have " + std::to_string(fields));
        lines_.push_back(std::move(line));
    }
    if (lines_.empty()) throw Error(ErrorCode::bad_data, name_ + ": the file is empty and should hold lines");
}

double TextTable::number(const TextLine& line, std::size_t field, double low, double high) const {
    const double value = parsed(line.fields.at(field));
    if (!(value >= low && value <= high))
        refuse(name_, line.number, std::to_string(field + 1), line.fields[field], low, high);
    return value;
}

std::size_t TextTable::whole_number(const TextLine& line, std::size_t field) const {
    constexpr double most = 1e9;
    const double value = number(line, field, 0, most);
    if (value != std::floor(value))
        refuse(name_, line.number, std::to_string(field + 1), line.fields[field], 0, most);
    return static_cast<std::size_t>(value);
}

boost::filesystem::path find_optional_part(const boost::filesystem::path& folder, const std::string& file,
                                           std::initializer_list<const char*> subfolders) {
    boost::system::error_code ignored;
    if (boost::filesystem::is_regular_file(folder / file, ignored)) return folder / file;
    for (const char* subfolder : subfolders)
        if (boost::filesystem::is_regular_file(folder / subfolder / file, ignored))
            return folder / subfolder / file;
    return {};
}

boost::filesystem::path find_part(const boost::filesystem::path& folder, const std::string& file,
                                  std::initializer_list<const char*> subfolders) {
    auto found = find_optional_part(folder, file, subfolders);
    if (found.empty())
        throw Error(ErrorCode::io,
                    (folder / file).string() + ": there is no such file and the layout needs it");
    return found;
}

std::size_t column_named(const CsvTable& table, std::initializer_list<const char*> names) {
    for (std::size_t i = 0; i < table.header().size(); ++i)
        for (const char* name : names)
            if (without_blanks(table.header()[i]) == name) return i;
    return table.column(*names.begin());  // throws, naming the columns there are
}

std::string name_of(const CsvTable& table, const CsvTable::Row& row, std::size_t column) {
    auto name = without_blanks(row.fields.at(column));
    if (name.empty())
        throw Error(ErrorCode::bad_data, table.name() + ": line " + std::to_string(row.line) + ", column '" +
                                             table.header()[column] + "' is empty and should hold a name");
    return name;
}

double number_between(const CsvTable& table, const CsvTable::Row& row, std::size_t column, double low,
                      double high) {
    const std::string text = without_blanks(row.fields.at(column));
    const double value = parsed(text);
    if (!(value >= low && value <= high))
        refuse(table.name(), row.line, "'" + table.header()[column] + "'", text, low, high);
    return value;
}

}  // namespace piaa
