#include "datasets/person_means.h"

#include <utility>

namespace piaa {

std::vector<std::map<std::size_t, double>> person_means(const RatingsTable& table) {
    std::vector<std::map<std::size_t, std::pair<double, int>>> sums(table.raters().size());
    for (const auto& row : table.rows()) {
        auto& [total, count] = sums[row.rater][row.image];
        total += table.scale().to_unit(row.rating);
        ++count;
    }
    std::vector<std::map<std::size_t, double>> means(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i)
        for (const auto& [image, sum] : sums[i]) means[i][image] = sum.first / sum.second;
    return means;
}

}  // namespace piaa
