#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <piaa/liked.h>
#include <piaa/profile.h>
#include <piaa/research/teaching_evaluation.h>

#include "evaluation/asked_people.h"

namespace piaa {
namespace {

/// Photos of a person, those that they rated highest first.
Places best_first(const AskedPerson& person, Places photos) {
    std::stable_sort(photos.begin(), photos.end(),
                     [&](std::size_t a, std::size_t b) { return person.ratings[a] > person.ratings[b]; });
    return photos;
}

UserProfile with_rows(const Prior& prior, const AskedPerson& person, const Places& photos) {
    UserProfile profile({prior.model_name(), prior.model(), "evaluation"});
    for (const std::size_t photo : photos) profile.set_row(id_of_place(photo), person.rows[photo]);
    return profile;
}

UserProfile starred(const Prior& prior, const AskedPerson& person, const Places& photos) {
    UserProfile profile = with_rows(prior, person, photos);
    for (const std::size_t photo : photos)
        profile.add({FeedbackKind::rating, id_of_place(photo), "", person.ratings[photo], 0});
    return profile;
}

std::size_t count_of_best(const Places& photos) {
    return std::max<std::size_t>(1, photos.size() / liked_of);
}

/// The best fifth is liked, as `adapt --liked DIR --among DIR` takes it.
UserProfile liked(const Prior& prior, const AskedPerson& person, const Places& photos) {
    UserProfile profile = with_rows(prior, person, photos);
    const std::size_t count = count_of_best(photos);
    const ChoiceRatings ratings = ratings_of_choice(count, photos.size() - count);
    const Places sorted = best_first(person, photos);
    for (std::size_t i = 0; i < sorted.size(); ++i)
        profile.add({FeedbackKind::rating, id_of_place(sorted[i]), "",
                     i < count ? ratings.chosen : ratings.others, 0});
    return profile;
}

/// The same as a choice of one showing, as `adapt --choices` takes it.
UserProfile chosen(const Prior& prior, const AskedPerson& person, const Places& photos) {
    UserProfile profile = with_rows(prior, person, photos);
    const std::size_t count = count_of_best(photos);
    const double weight = std::min(1.0, 2 / static_cast<double>(photos.size()));
    const Places sorted = best_first(person, photos);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = count; j < sorted.size(); ++j)
            profile.add(
                {FeedbackKind::comparison, id_of_place(sorted[i]), id_of_place(sorted[j]), weight, 0});
    return profile;
}

}  // namespace

std::vector<TeachingMetrics> evaluate_liked(const Prior& prior, const std::vector<std::vector<float>>& rows,
                                            const RatingsTable& ratings,
                                            const TeachingEvaluationOptions& options) {
    const auto first = [](const Places& pool, int answers) {
        const std::size_t count = std::min(pool.size(), static_cast<std::size_t>(std::max(answers, 1)));
        return Places(pool.begin(), pool.begin() + static_cast<std::ptrdiff_t>(count));
    };
    return compare_ways(
        {"stars", "liked", "choice"}, rows, ratings, options,
        [&](const AskedPerson& person, const Places& pool, const Places& held, std::uint64_t) {
            std::vector<double> sroccs;
            for (const auto& answer : {starred, liked, chosen})
                for (const int answers : options.answers) {
                    UserProfile profile = answer(prior, person, first(pool, answers));
                    sroccs.push_back(agreement(person, held, expected_by(prior, profile, person, held)));
                }
            return sroccs;
        });
}

}  // namespace piaa
