#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include <nlohmann/json.hpp>

namespace piaa::cli {

/// Holds records of photos back until they are all there: for an order other than that of the paths, the
/// best few, or their places among all.
class Ranking {
public:
    /// top: only so many of the best; 0 for all.
    Ranking(std::size_t top, bool best_first) : top_(top), best_first_(best_first) {}

    /// A photo of the run, told or not.
    void saw(double score) { scores_.push_back(score); }
    void add(nlohmann::ordered_json record) { records_.push_back(std::move(record)); }

    /// with_percentiles: each record gets its percentile rank among the scores that were seen: the share of
    /// lower ones, and half of the equal ones, in percent.
    void write(bool with_percentiles, const std::function<void(const nlohmann::ordered_json&)>& deliver);

private:
    std::size_t top_;
    bool best_first_;
    std::vector<double> scores_;
    std::vector<nlohmann::ordered_json> records_;
};

}  // namespace piaa::cli
