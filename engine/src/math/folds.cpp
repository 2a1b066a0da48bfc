#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <piaa/error.h>
#include <piaa/folds.h>
#include <piaa/shuffle.h>

namespace piaa {
namespace {

void require_two(int count) {
    if (count < 2)
        throw Error(ErrorCode::bad_argument,
                    "number of folds is " + std::to_string(count) + " and should be at least 2");
}

}  // namespace

std::vector<int> make_folds(std::span<const std::string> groups, int count, std::uint64_t seed) {
    require_two(count);
    std::map<std::string, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < groups.size(); ++i) members[groups[i]].push_back(i);
    std::vector<std::vector<std::size_t>> order;
    for (auto& [name, items] : members) order.push_back(std::move(items));
    std::mt19937_64 random(seed);
    shuffle(order, random);
    // Large groups first, each to the fold that is smallest so far, keeps the folds nearly equal.
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    std::vector<std::size_t> sizes(count);
    std::vector<int> folds(groups.size());
    for (const auto& group : order) {
        const auto smallest = std::min_element(sizes.begin(), sizes.end());
        *smallest += group.size();
        for (const auto item : group) folds[item] = static_cast<int>(smallest - sizes.begin());
    }
    return folds;
}

std::vector<int> make_folds(std::size_t items, int count, std::uint64_t seed) {
    require_two(count);
    std::vector<int> folds(items);
    for (std::size_t i = 0; i < items; ++i) folds[i] = static_cast<int>(i % static_cast<std::size_t>(count));
    std::mt19937_64 random(seed);
    shuffle(folds, random);
    return folds;
}

}  // namespace piaa
