#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

namespace piaa {

/// A comma-separated table with a header (RFC 4180: fields may be quoted, a doubled quote stands for one, a
/// quoted field may hold commas and line ends; LF and CRLF both end a row; a byte order mark is ignored;
/// empty lines and rows of empty fields are skipped, and so are blanks round a field and empty columns at the
/// end; upper and lower case of the header's names are one where that leaves no doubt).
class PIAA_API CsvTable {
public:
    struct Row {
        std::size_t line = 0;  ///< where it starts in the file, from 1
        std::vector<std::string> fields;
    };

    /// `name` is used in messages. Throws Error(bad_data), naming the line, for an unclosed quote, text after
    /// a closing quote, a row of another width than the header, a repeated column or a table without header.
    /// Some tables put another character than a comma between fields.
    CsvTable(std::string_view text, std::string name, char delimiter = ',');

    const std::string& name() const noexcept { return name_; }
    const std::vector<std::string>& header() const noexcept { return header_; }
    const std::vector<Row>& rows() const noexcept { return rows_; }

    std::optional<std::size_t> find_column(std::string_view column) const;
    /// Throws Error(bad_data) naming the columns that are there when this one is not.
    std::size_t column(std::string_view column) const;
    /// A finite number, blanks around it passed over, with a decimal comma too where none parts the fields;
    /// throws Error(bad_data) naming file, line and column for anything else.
    double number(const Row& row, std::size_t column) const;

private:
    std::string name_;
    bool decimal_comma_ = false;
    std::vector<std::string> header_;
    std::vector<Row> rows_;
};

/// A file as spreadsheets save it: UTF-8 or UTF-16; with semicolons or tabs between the fields where the
/// header has no comma, or what a first line "sep=;" says; lines that end with CR alone. Throws Error(io)
/// when the file cannot be read, else as CsvTable.
PIAA_API CsvTable read_csv(const boost::filesystem::path& file, char delimiter = ',');

}  // namespace piaa
