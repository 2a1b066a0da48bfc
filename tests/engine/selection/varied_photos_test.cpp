#include <algorithm>
#include <set>

#include <piaa/error.h>
#include <piaa/query_selection.h>

#include "support/catch.h"

using namespace piaa;

TEST_CASE("most_varied takes one photo of each kind before a second of any", "[choice]") {
    // Three tight groups of four photos.
    std::vector<std::vector<float>> rows;
    for (int i = 0; i < 12; ++i)
        rows.push_back(
            {static_cast<float>(i % 3) * 10, 0.01f * static_cast<float>(i), static_cast<float>(i % 3 == 1)});
    const auto chosen = most_varied(rows, 3);
    REQUIRE(chosen.size() == 3);
    std::set<std::size_t> kinds;
    for (const auto i : chosen) kinds.insert(i % 3);
    CHECK(kinds.size() == 3);
}

TEST_CASE("most_varied counts every feature alike, whatever its unit", "[choice]") {
    const std::vector<std::vector<float>> rows = {
        {0, 0}, {1000, 0}, {0, 0.001f}, {1000, 0.001f}, {500, 0.0005f}};
    const auto chosen = most_varied(rows, 5);
    CHECK(chosen.front() == 4);  // the middle
    CHECK(chosen.size() == 5);
}

TEST_CASE("most_varied chooses equal photos once and never more than there are", "[choice]") {
    const std::vector<std::vector<float>> rows = {{1, 2}, {1, 2}, {3, 4}, {1, 2}};
    CHECK(most_varied(rows, 10).size() == 2);
    CHECK(most_varied({}, 10).empty());
    CHECK(most_varied(rows, 0).empty());
    const std::vector<std::vector<float>> ragged = {{1, 2}, {1}};
    CHECK_THROWS_AS(most_varied(ragged, 1), Error);
}
