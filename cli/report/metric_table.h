#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/generic_metrics.h>

namespace piaa::cli {

/// One method of an evaluation: a row of metrics.
struct MetricRow {
    std::string name;
    std::vector<Metric> metrics;
};

/// A block of lines per method, each metric with its interval: "srocc  0.794 [0.730, 0.850]".
void write_metric_table(std::ostream& out, const std::vector<MetricRow>& rows);

/// The same into the file, or to `out` when it is empty; as JSON {"results": [{"method", "srocc",
/// "srocc_low", "srocc_high", ...}]}, where undefined metrics are null.
void write_metrics(const boost::filesystem::path& file, bool json, const std::vector<MetricRow>& rows,
                   std::ostream& out);

}  // namespace piaa::cli
