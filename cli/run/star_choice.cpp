#include "run/star_choice.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include <piaa/error.h>
#include <piaa/parse_number.h>

#include "shell/option_group.h"

namespace piaa::cli {
namespace {

/// "4,5.5,7,8.2"
StarThresholds thresholds_of(const std::string& text) {
    const auto wrong = [&] {
        return CLI::ValidationError("--stars-at",
                                    "'" + text +
                                        "' should be four scores from 1 to 10 that rise, from which on there "
                                        "are 2, 3, 4 and 5 stars, like 4,5.5,7,8.2");
    };
    const auto parts = CLI::detail::split(text, ',');
    StarThresholds thresholds{};
    if (parts.size() != thresholds.size()) throw wrong();
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        const auto from = parse_number<double>(parts[i]);
        if (!from || !(*from >= 1 && *from <= 10) || (i > 0 && *from <= thresholds[i - 1])) throw wrong();
        thresholds[i] = *from;
    }
    return thresholds;
}

}  // namespace

void add_star_choice(CLI::App& command, StarChoice& choice, bool kept) {
    const OptionGroup group(command, "Stars");
    auto* at = command
                   .add_option_function<std::string>(
                       "--stars-at", [&choice](const std::string& text) { choice.at = thresholds_of(text); },
                       "The scores from which on there are 2, 3, 4 and 5 stars, like 4,5.5,7,8.2")
                   ->type_name("SCORES");
    auto* like = command.add_flag("--stars-like-mine", choice.like_mine,
                                  "Each number of stars as often as this person gave it");
    like->excludes(at);
    if (kept)
        command.add_flag("--stars-default", choice.of_model, "The model's stars again")
            ->excludes(at)
            ->excludes(like);
}

void keep_in(UserProfile& profile, const StarChoice& choice) {
    if (choice.like_mine)
        set_stars_like_ratings(profile);
    else if (choice.at || choice.of_model)
        set_star_thresholds(profile, choice.at);
}

std::optional<StarThresholds> chosen_stars(const StarChoice& choice, const PersonalModel& eye) {
    if (!choice.like_mine) return choice.at;
    if (!eye.is_personal())
        throw Error(ErrorCode::bad_argument, "--stars-like-mine needs a person's profile: --user");
    UserProfile profile = *eye.profile();
    set_stars_like_ratings(profile);
    PersonalModel person(eye.model(), std::move(profile), eye.file(),
                         std::make_shared<const Prior>(*eye.prior()));
    person.learn();
    const auto thresholds = star_thresholds(*person.profile());
    if (!thresholds)
        throw Error(ErrorCode::bad_argument,
                    eye.file().string() +
                        ": --stars-like-mine needs ratings of ten photos that are not all the same");
    return thresholds;
}

}  // namespace piaa::cli
