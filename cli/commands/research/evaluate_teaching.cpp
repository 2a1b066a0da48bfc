#include "commands/research/evaluate_teaching.h"

#include <cstdio>
#include <ostream>

#include <nlohmann/json.hpp>

namespace piaa::cli {

void write_teaching_table(std::ostream& out, const std::vector<TeachingFigures>& figures) {
    char line[160];
    std::snprintf(line, sizeof line, "%-14s %7s  %-22s %17s %6s\n", "asked", "answers", "srocc",
                  "gain over generic", "raters");
    out << line;
    for (const TeachingFigures& f : figures) {
        std::snprintf(line, sizeof line, "%-14s %7d  %.3f [%.3f, %.3f]   %+17.3f %6zu\n", f.way.c_str(),
                      f.answers, f.srocc, f.srocc_interval.low, f.srocc_interval.high, f.gain, f.people);
        out << line;
    }
}

nlohmann::ordered_json teaching_records(const std::vector<TeachingFigures>& figures) {
    auto records = nlohmann::ordered_json::array();
    for (const TeachingFigures& f : figures)
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
