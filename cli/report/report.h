#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace piaa::cli {

enum class ReportFormat { table, csv, json, jsonl };

/// For --format: "table", "csv", "json", "jsonl".
const std::map<std::string, ReportFormat>& report_formats();

/// One thing said of each photo.
struct Column {
    std::string name;  ///< its key in a record, and its head in a table
    int width = 0;     ///< columns of the terminal it takes in a table
    int decimals = 2;  ///< of a number that is no whole one, in tables and CSV
    /// How a table shows the value, where not simply as its text.
    std::function<std::string(const nlohmann::ordered_json&)> show = nullptr;
};

/// What Scorer::add_provenance() says, for tables and CSV.
std::vector<Column> provenance_columns(bool personal);

/// The record with all text as UTF-8, names that are not percent-escaped. A caller's key comes back as it
/// came.
nlohmann::ordered_json fit_for_json(const nlohmann::ordered_json& record);

/// The same as JSON on one line, which nothing in it could make steer a terminal.
std::string json_line(const nlohmann::ordered_json& record);

/// Writes records, one a photo, as they come. A record is a flat or nested JSON object: JSON kinds write all
/// of it, tables and CSV its columns. The same records give the same bytes.
///
/// table: aligned, names escaped for people, the column "path" last and shortened to the terminal's width.
/// csv: RFC 4180 with a header; names as they are, on a terminal escaped; lists joined by ';', nothing for
/// null. json: one array. jsonl: one object per line, written out at once. Names that are not UTF-8
/// percent-escaped.
class Report {
public:
    /// terminal_columns: width of the terminal that shows it, 0 for a file or a pipe.
    Report(std::ostream& out, ReportFormat format, std::vector<Column> columns, int terminal_columns = 0);
    void add(const nlohmann::ordered_json& record);
    /// Completes what needs an end; call once, after the last record.
    void finish();

private:
    void add_table_row(const nlohmann::ordered_json& record);

    std::ostream& out_;
    ReportFormat format_;
    std::vector<Column> columns_;
    int terminal_columns_;
    bool first_ = true;
};

}  // namespace piaa::cli
