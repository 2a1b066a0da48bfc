#include "shell/nearest.h"

#include <algorithm>
#include <numeric>

namespace piaa::cli {

std::size_t edit_distance(const std::string& one, const std::string& other) {
    std::vector<std::size_t> before_last, last(other.size() + 1), row(other.size() + 1);
    std::iota(last.begin(), last.end(), 0);
    for (std::size_t i = 1; i <= one.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            row[j] =
                std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = row;
    }
    return last[other.size()];
}

std::string nearest(const std::string& typed, const std::vector<std::string>& words) {
    std::string best;
    std::size_t distance = std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const std::string& word : words)
        if (const auto here = edit_distance(typed, word); here < distance) {
            distance = here;
            best = word;
        }
    return best;
}

}  // namespace piaa::cli
