#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/csv.h>

namespace piaa {

/// A line of a table without header, cut at blanks.
struct TextLine {
    std::size_t number = 0;  ///< from 1
    std::vector<std::string> fields;
};

/// A table without header whose fields stand between blanks. Throws Error(io), or Error(bad_data) naming the
/// line that has another number of fields than this.
class TextTable {
public:
    TextTable(const boost::filesystem::path& file, std::size_t fields);

    const std::vector<TextLine>& lines() const { return lines_; }
    /// The field, counted from 1 in messages, as a number from low to high; throws Error(bad_data).
    double number(const TextLine& line, std::size_t field, double low, double high) const;
    std::size_t whole_number(const TextLine& line, std::size_t field) const;

private:
    std::string name_;
    std::vector<TextLine> lines_;
};

/// The file itself or in one of these subfolders. Throws Error(io) saying what the layout needs.
boost::filesystem::path find_part(const boost::filesystem::path& folder, const std::string& file,
                                  std::initializer_list<const char*> subfolders);
/// The same, but an empty path when it is nowhere.
boost::filesystem::path find_optional_part(const boost::filesystem::path& folder, const std::string& file,
                                           std::initializer_list<const char*> subfolders);

/// The column with one of these names, blanks around it aside. Throws Error(bad_data) naming those there are.
std::size_t column_named(const CsvTable& table, std::initializer_list<const char*> names);

/// The field without blanks around it; Error(bad_data) naming line and column when nothing is left.
std::string name_of(const CsvTable& table, const CsvTable::Row& row, std::size_t column);

/// The field as a number from low to high; throws Error(bad_data) naming line and column.
double number_between(const CsvTable& table, const CsvTable::Row& row, std::size_t column, double low,
                      double high);

}  // namespace piaa
