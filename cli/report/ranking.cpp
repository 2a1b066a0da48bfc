#include "report/ranking.h"

#include <algorithm>
#include <cmath>

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// In percent, with two decimals; rising: holds the score.
double percentile(const std::vector<double>& rising, double score) {
    const auto [first, last] = std::equal_range(rising.begin(), rising.end(), score);
    const auto below = static_cast<double>(first - rising.begin());
    const auto equal = static_cast<double>(last - first);
    return std::round(1e4 * (below + equal / 2) / static_cast<double>(rising.size())) / 100;
}

}  // namespace

void Ranking::write(bool with_percentiles, const std::function<void(const Json&)>& deliver) {
    const auto better = [](const Json& a, const Json& b) { return a["score"] > b["score"]; };
    const auto earlier = [](const Json& a, const Json& b) { return a["path"] < b["path"]; };
    std::stable_sort(records_.begin(), records_.end(), better);
    if (top_ > 0 && records_.size() > top_) records_.resize(top_);
    if (!best_first_) std::stable_sort(records_.begin(), records_.end(), earlier);
    if (with_percentiles) std::sort(scores_.begin(), scores_.end());
    for (Json& record : records_) {
        if (with_percentiles) record["percentile"] = percentile(scores_, record["score"].get<double>());
        deliver(record);
    }
    records_.clear();
    scores_.clear();
}

}  // namespace piaa::cli
