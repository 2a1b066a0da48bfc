#include <algorithm>
#include <set>

#include <piaa/error.h>
#include <piaa/query_selection.h>

#include "support/catch.h"
#include "support/taste.h"

using namespace piaa;

namespace {

/// Photos of one generic score at these places along one or two directions of taste.
std::vector<std::vector<float>> photos_at(const Prior& prior, const std::vector<std::vector<float>>& places) {
    std::vector<std::vector<float>> rows;
    for (const auto& place : places) {
        std::vector<float> row(prior.row_length(), 0);
        row[0] = 0.5f;
        std::copy(place.begin(), place.end(), row.begin() + 1);
        rows.push_back(row);
    }
    return rows;
}

}  // namespace

TEST_CASE("select_queries asks first where people differ most", "[choice]") {
    PriorParts parts = test::small_prior_parts(2);
    parts.covariance[2 * 4 + 2] = 9;  // along the first direction
    const Prior prior(std::move(parts));
    const auto rows = photos_at(prior, {{0, 0.5f}, {0, -0.5f}, {0.5f, 0}, {-0.5f, 0}, {0, 0}});
    const auto queries = select_queries(prior, rows, {.count = 1, .likely_good = 0});
    REQUIRE(queries.size() == 1);
    CHECK((queries[0].photo == 2 || queries[0].photo == 3));
}

TEST_CASE("select_queries does not ask again what an answer already told", "[choice]") {
    const Prior prior = test::small_prior(2);
    // The first two photos ask the same; the others another query, of which less is to be learned.
    const auto rows = photos_at(prior, {{1, 0}, {1, 0}, {0, 0.7f}, {0, 0}, {0, 0}});
    const auto queries = select_queries(prior, rows, {.count = 2, .likely_good = 0});
    REQUIRE(queries.size() == 2);
    CHECK(queries[0].photo < 2);
    CHECK(queries[1].photo == 2);

    UserProfile known = test::empty_profile();
    known.set_row(test::photo_id(1), rows[1]);
    known.add({FeedbackKind::rating, test::photo_id(1), "", 0.9, 0});
    CHECK(select_queries(prior, rows, {.count = 1, .likely_good = 0, .known = &known})[0].photo == 2);
}

TEST_CASE("select_queries mixes in photos that will please", "[choice]") {
    const Prior prior = test::small_prior();
    const test::Album album(prior, 40);
    std::vector<std::vector<float>> rows;
    for (int i = 0; i < album.size(); ++i) rows.push_back(album.row(i));
    const auto queries = select_queries(prior, rows, {.count = 20});
    REQUIRE(queries.size() == 20);
    std::set<std::size_t> different;
    double least_good = 1;
    for (const auto& query : queries) {
        different.insert(query.photo);
        if (query.likely_good) least_good = std::min<double>(least_good, rows[query.photo][0]);
    }
    CHECK(different.size() == 20);
    CHECK(std::count_if(queries.begin(), queries.end(), [](const auto& q) { return q.likely_good; }) == 6);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!different.contains(i)) CHECK(rows[i][0] <= least_good);
}

TEST_CASE("select_queries asks about every photo of a small album, and refuses strange rows", "[choice]") {
    const Prior prior = test::small_prior();
    const auto rows = photos_at(prior, {{0, 0, 1}, {0, 1, 0}});
    CHECK(select_queries(prior, rows, {.count = 30}).size() == 2);
    CHECK(select_queries(prior, {}, {.count = 30}).empty());
    const std::vector<std::vector<float>> strange = {{1, 2}};
    CHECK_THROWS_AS(select_queries(prior, strange), Error);
}

TEST_CASE("choose_pairs asks what is open and not what is foregone", "[choice]") {
    const Prior prior = test::small_prior(1);
    auto rows = photos_at(prior, {{0}, {1}, {1}, {0}});
    rows[2][0] = 0.01f;  // all but nobody will prefer these
    rows[3][0] = 0.0f;
    const auto pairs = choose_pairs(prior, rows, 1);
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0] == std::pair<std::size_t, std::size_t>{0, 1});
}

TEST_CASE("choose_pairs asks no pair twice and tires no photo", "[choice]") {
    const Prior prior = test::small_prior();
    const test::Album album(prior, 12);
    std::vector<std::vector<float>> rows;
    for (int i = 0; i < album.size(); ++i) rows.push_back(album.row(i));
    const auto pairs = choose_pairs(prior, rows, 100);
    CHECK(pairs.size() >= 12);
    CHECK(std::set<std::pair<std::size_t, std::size_t>>(pairs.begin(), pairs.end()).size() == pairs.size());
    std::vector<int> uses(rows.size(), 0);
    for (const auto& [a, b] : pairs) {
        ++uses[a];
        ++uses[b];
        CHECK(a != b);
    }
    CHECK(*std::max_element(uses.begin(), uses.end()) <= 3);
    CHECK(choose_pairs(prior, rows, 100) == pairs);
}
