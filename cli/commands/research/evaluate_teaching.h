#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <piaa/research/teaching_evaluation.h>

namespace piaa::cli {

/// Rows of a way of asking after so many answers, as a table.
void write_teaching_table(std::ostream& out, const std::vector<TeachingMetrics>& metrics);

/// The same for programs: an array of objects.
nlohmann::ordered_json teaching_records(const std::vector<TeachingMetrics>& metrics);

}  // namespace piaa::cli
