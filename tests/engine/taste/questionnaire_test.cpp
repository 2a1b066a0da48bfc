#include <algorithm>
#include <vector>

#include <piaa/error.h>
#include <piaa/questionnaire.h>

#include "support/catch.h"

using namespace piaa;

TEST_CASE("the questionnaire asks four statements of each trait, some turned round", "[questionnaire]") {
    std::array<int, trait_count> asked{}, turned{};
    for (const Statement& statement : questionnaire()) {
        ++asked.at(statement.trait);
        turned.at(statement.trait) += statement.reversed;
    }
    for (std::size_t trait = 0; trait < trait_count; ++trait) {
        CHECK(asked[trait] == 4);
        CHECK((turned[trait] == 2 || turned[trait] == 3));
    }
}

TEST_CASE("answers count for their own trait, those to reversed statements the other way",
          "[questionnaire]") {
    const std::size_t chosen = GENERATE(0, 1, 2, 3, 4);
    std::vector<int> answers;
    for (const Statement& statement : questionnaire())
        answers.push_back(statement.trait != chosen ? 3 : statement.reversed ? 1 : 5);
    CHECK(traits_of(answers)[chosen] == 1);
    for (std::size_t other = 0; other < trait_count; ++other)
        if (other != chosen) CHECK(traits_of(answers)[other] == 0);
    // Agreeing with everything says little.
    const Traits yes = traits_of(std::vector<int>(questionnaire().size(), 5));
    CHECK(std::all_of(yes.begin(), yes.end(), [](double trait) { return std::abs(trait) <= 0.5; }));
}

TEST_CASE("answers that are missing or off the scale are refused", "[questionnaire]") {
    CHECK_THROWS_WITH(traits_of(std::vector<int>(19, 3)),
                      "the questionnaire has 19 answers and should have 20");
    std::vector<int> answers(20, 3);
    answers[4] = 6;
    CHECK_THROWS_WITH(traits_of(answers), "answer 5 is 6 and should be from 1 to 5");
}
