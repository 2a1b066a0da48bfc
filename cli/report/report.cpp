#include "report/report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>

#include <nlohmann/json.hpp>

#include "console/escape.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

/// The value as a cell says it, with a point in numbers whatever the locale.
std::string text_of(const Json& value, int decimals) {
    if (value.is_null()) return "";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value.is_array()) {
        std::string all;
        for (const auto& each : value) {
            if (!all.empty()) all += ';';
            all += text_of(each, decimals);
        }
        return all;
    }
    if (!value.is_number_float()) return value.dump();
    std::array<char, 400> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.get<double>(),
                                   std::chars_format::fixed, decimals);
    return {digits.data(), end.ptr};
}

Json value_of(const Json& record, const std::string& name) {
    const auto found = record.find(name);
    return found == record.end() ? Json() : *found;
}

/// A path that a spreadsheet would take for a formula leads to the same file from "./" on.
std::string no_formula(const std::string& column, std::string text) {
    const bool formula = column == "path" && text.find_first_of("=+-@\t\r") == 0;
    return formula ? "./" + text : text;
}

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t taken = display_width(text);
    return (taken < width ? std::string(width - taken, ' ') : "") + text;
}

/// key: of the value in its record.
Json escaped(Json value, const std::string& key) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return key == "id" && is_utf8(text) ? text : percent_escaped(text);
    }
    if (value.is_structured())
        for (auto& [name, each] : value.items()) each = escaped(std::move(each), name);
    return value;
}

}  // namespace

Json fit_for_json(const Json& record) {
    return escaped(record, "");
}

std::string json_line(const Json& record) {
    const Json fit = fit_for_json(record);
    const std::string text = fit.dump();
    return printable(text) == text ? text : fit.dump(-1, ' ', /*ensure_ascii=*/true);
}

const std::map<std::string, ReportFormat>& report_formats() {
    static const std::map<std::string, ReportFormat> formats = {{"table", ReportFormat::table},
                                                                {"csv", ReportFormat::csv},
                                                                {"json", ReportFormat::json},
                                                                {"jsonl", ReportFormat::jsonl}};
    return formats;
}

std::vector<Column> provenance_columns(bool personal) {
    if (!personal) return {{"model"}, {"model_hash"}, {"version"}, {"device"}};
    return {{"model"}, {"model_hash"}, {"profile_hash"}, {"version"}, {"device"}};
}

Report::Report(std::ostream& out, ReportFormat format, std::vector<Column> columns, int terminal_columns)
    : out_(out), format_(format), columns_(std::move(columns)), terminal_columns_(terminal_columns) {
    if (format_ == ReportFormat::csv) {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            out_ << (i ? "," : "") << csv_field(columns_[i].name);
        out_ << '\n';
    }
    if (format_ == ReportFormat::table) {
        // Names may be of any length, so they come last, where they need no alignment.
        std::stable_partition(columns_.begin(), columns_.end(),
                              [](const Column& c) { return c.name != "path"; });
        for (auto& column : columns_) {
            column.width = std::max(column.width, static_cast<int>(column.name.size()));
            if (column.name != "path") out_ << padded(column.name, column.width) << "  ";
        }
        out_ << columns_.back().name << '\n';
    }
}

void Report::add_table_row(const Json& record) {
    std::size_t used = 0;
    for (const auto& column : columns_) {
        const Json value = value_of(record, column.name);
        const std::string text =
            printable(column.show ? column.show(value) : text_of(value, column.decimals));
        if (column.name == "path") {
            const auto room =
                static_cast<std::size_t>(terminal_columns_) - std::min<std::size_t>(used, terminal_columns_);
            out_ << (terminal_columns_ > 0 ? shortened(text, std::max<std::size_t>(room, 12)) : text);
        } else {
            out_ << padded(text, column.width) << "  ";
            used += std::max<std::size_t>(column.width, display_width(text)) + 2;
        }
    }
    out_ << '\n';
}

void Report::add(const Json& record) {
    switch (format_) {
        case ReportFormat::table:
            add_table_row(record);
            break;
        case ReportFormat::csv:
            for (std::size_t i = 0; i < columns_.size(); ++i) {
                const std::string text = no_formula(
                    columns_[i].name, text_of(value_of(record, columns_[i].name), columns_[i].decimals));
                out_ << (i ? "," : "") << csv_field(terminal_columns_ > 0 ? printable(text) : text);
            }
            out_ << '\n';
            break;
        case ReportFormat::json:
            out_ << (first_ ? "[\n" : ",\n") << json_line(record);
            break;
        case ReportFormat::jsonl:
            out_ << json_line(record) << '\n';
            break;
    }
    first_ = false;
}

void Report::finish() {
    if (format_ == ReportFormat::json) out_ << (first_ ? "[]\n" : "\n]\n");
}

}  // namespace piaa::cli
