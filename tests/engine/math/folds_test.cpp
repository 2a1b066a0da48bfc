#include <map>
#include <set>
#include <string>

#include <piaa/error.h>
#include <piaa/folds.h>

#include "support/catch.h"

using piaa::make_folds;

TEST_CASE("a group never stands in two folds, and folds are nearly equal", "[folds]") {
    std::vector<std::string> groups;
    for (int i = 0; i < 100; ++i) groups.push_back("theme " + std::to_string(i % 30));
    const auto folds = make_folds(groups, 5, 1);
    std::map<std::string, std::set<int>> of_group;
    std::map<int, int> sizes;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        of_group[groups[i]].insert(folds[i]);
        ++sizes[folds[i]];
    }
    for (const auto& [group, used] : of_group) CHECK(used.size() == 1);
    REQUIRE(sizes.size() == 5);
    for (const auto& [fold, size] : sizes) CHECK((size >= 17 && size <= 23));
}

TEST_CASE("the seed decides the folds", "[folds]") {
    CHECK(make_folds(50, 5, 1) == make_folds(50, 5, 1));
    CHECK(make_folds(50, 5, 1) != make_folds(50, 5, 2));
    CHECK_THROWS_AS(make_folds(50, 1, 1), piaa::Error);
}
