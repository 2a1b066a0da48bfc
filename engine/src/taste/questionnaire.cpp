#include <string>

#include <piaa/error.h>
#include <piaa/questionnaire.h>

namespace piaa {
namespace {

enum Trait : std::size_t { openness, conscientiousness, extraversion, agreeableness, neuroticism };

constexpr std::array<Statement, 20> statements{{
    {"Am the life of the party.", extraversion, false},
    {"Sympathize with others' feelings.", agreeableness, false},
    {"Get chores done right away.", conscientiousness, false},
    {"Have frequent mood swings.", neuroticism, false},
    {"Have a vivid imagination.", openness, false},
    {"Don't talk a lot.", extraversion, true},
    {"Am not interested in other people's problems.", agreeableness, true},
    {"Often forget to put things back in their proper place.", conscientiousness, true},
    {"Am relaxed most of the time.", neuroticism, true},
    {"Am not interested in abstract ideas.", openness, true},
    {"Talk to a lot of different people at parties.", extraversion, false},
    {"Feel others' emotions.", agreeableness, false},
    {"Like order.", conscientiousness, false},
    {"Get upset easily.", neuroticism, false},
    {"Have difficulty understanding abstract ideas.", openness, true},
    {"Keep in the background.", extraversion, true},
    {"Am not really interested in others.", agreeableness, true},
    {"Make a mess of things.", conscientiousness, true},
    {"Seldom feel blue.", neuroticism, true},
    {"Do not have a good imagination.", openness, true},
}};
constexpr int lowest = 1, highest = 5;

}  // namespace

std::span<const Statement> questionnaire() {
    return statements;
}

Traits traits_of(std::span<const int> answers) {
    if (answers.size() != statements.size())
        throw Error(ErrorCode::bad_argument, "the questionnaire has " + std::to_string(answers.size()) +
                                                 " answers and should have " +
                                                 std::to_string(statements.size()));
    Traits sums{};
    Traits counts{};
    for (std::size_t i = 0; i < statements.size(); ++i) {
        if (answers[i] < lowest || answers[i] > highest)
            throw Error(ErrorCode::bad_argument, "answer " + std::to_string(i + 1) + " is " +
                                                     std::to_string(answers[i]) +
                                                     " and should be from 1 to 5");
        sums[statements[i].trait] += statements[i].reversed ? lowest + highest - answers[i] : answers[i];
        counts[statements[i].trait] += 1;
    }
    Traits traits{};
    for (std::size_t t = 0; t < trait_count; ++t) traits[t] = (sums[t] / counts[t] - 3) / 2;
    return traits;
}

}  // namespace piaa
