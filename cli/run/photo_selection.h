#pragma once

#include <optional>
#include <set>

namespace CLI {
class App;
}

namespace piaa::cli {

/// Which of the scored photos are told, copied, written to...
struct PhotoSelection {
    std::optional<double> min_score;  ///< 1 to 10
    std::set<int> stars;              ///< exactly these, 1 to 5; empty for any, also for none

    bool holds(double score, const std::optional<int>& photo_stars) const {
        if (min_score && score < *min_score) return false;
        return stars.empty() || (photo_stars && stars.contains(*photo_stars));
    }
};

/// --min-score, --stars.
void add_selection_options(CLI::App& command, PhotoSelection& selection);

}  // namespace piaa::cli
