#include "commands/research/evaluate_teaching.h"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace piaa::cli {

void write_teaching_table(std::ostream& out, const std::vector<TeachingMetrics>& metrics) {
    out << fmt::format("{:<14} {:>7}  {:<22} {:>17} {:>6}\n", "asked", "answers", "srocc",
                       "gain over generic", "raters");
    for (const TeachingMetrics& f : metrics)
        out << fmt::format("{:<14} {:7}  {:.3f} [{:.3f}, {:.3f}]   {:+17.3f} {:6}\n", f.way, f.answers,
                           f.srocc, f.srocc_interval.low, f.srocc_interval.high, f.gain, f.people);
}

nlohmann::ordered_json teaching_records(const std::vector<TeachingMetrics>& metrics) {
    auto records = nlohmann::ordered_json::array();
    for (const TeachingMetrics& f : metrics)
        records.push_back({{"asked", f.way},
                           {"answers", f.answers},
                           {"srocc", f.srocc},
                           {"srocc_low", f.srocc_interval.low},
                           {"srocc_high", f.srocc_interval.high},
                           {"gain", f.gain},
                           {"raters", f.people}});
    return records;
}

}  // namespace piaa::cli
