#include "report/figure_table.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "console/output.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string cell(const Figure& figure) {
    if (std::isnan(figure.value)) return "-";
    return fmt::format("{:.3f} [{:.3f}, {:.3f}]", figure.value, figure.interval.low, figure.interval.high);
}

Json number(double value) {
    if (std::isnan(value)) return nullptr;
    return std::round(value * 1e6) / 1e6;
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

void write_figure_json(std::ostream& out, const std::vector<FigureRow>& rows) {
    Json results = Json::array();
    for (const auto& row : rows) {
        Json record{{"method", row.name}};
        for (const auto& figure : row.figures) {
            record[figure.name] = number(figure.value);
            record[figure.name + "_low"] = number(figure.interval.low);
            record[figure.name + "_high"] = number(figure.interval.high);
        }
        results.push_back(std::move(record));
    }
    out << Json{{"results", std::move(results)}}.dump(2) << '\n';
}

}  // namespace

void write_figure_table(std::ostream& out, const std::vector<FigureRow>& rows) {
    for (const auto& row : rows) {
        out << row.name << '\n';
        for (const auto& figure : row.figures) out << "  " << padded(figure.name, 18) << cell(figure) << '\n';
    }
}

void write_figures(const boost::filesystem::path& file, bool json, const std::vector<FigureRow>& rows,
                   std::ostream& out) {
    Output output(file, out);
    if (json)
        write_figure_json(output.stream(), rows);
    else
        write_figure_table(output.stream(), rows);
    output.complete();
}

}  // namespace piaa::cli
