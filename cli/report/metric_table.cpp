#include "report/metric_table.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "console/output.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string cell(const Metric& metric) {
    if (std::isnan(metric.value)) return "-";
    return fmt::format("{:.3f} [{:.3f}, {:.3f}]", metric.value, metric.interval.low, metric.interval.high);
}

Json number(double value) {
    if (std::isnan(value)) return nullptr;
    return std::round(value * 1e6) / 1e6;
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

void write_metric_json(std::ostream& out, const std::vector<MetricRow>& rows) {
    Json results = Json::array();
    for (const auto& row : rows) {
        Json record{{"method", row.name}};
        for (const auto& metric : row.metrics) {
            record[metric.name] = number(metric.value);
            record[metric.name + "_low"] = number(metric.interval.low);
            record[metric.name + "_high"] = number(metric.interval.high);
        }
        results.push_back(std::move(record));
    }
    out << Json{{"results", std::move(results)}}.dump(2) << '\n';
}

}  // namespace

void write_metric_table(std::ostream& out, const std::vector<MetricRow>& rows) {
    for (const auto& row : rows) {
        out << row.name << '\n';
        for (const auto& metric : row.metrics) out << "  " << padded(metric.name, 18) << cell(metric) << '\n';
    }
}

void write_metrics(const boost::filesystem::path& file, bool json, const std::vector<MetricRow>& rows,
                   std::ostream& out) {
    Output output(file, out);
    if (json)
        write_metric_json(output.stream(), rows);
    else
        write_metric_table(output.stream(), rows);
    output.complete();
}

}  // namespace piaa::cli
