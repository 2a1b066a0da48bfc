#pragma once

#include <string>
#include <vector>

#include <piaa/csv.h>
#include <piaa/research/ratings_table.h>

#include "support/taste.h"

namespace piaa::test {

struct CrowdOptions {
    double shared = 0;  ///< how much everybody likes the first direction
    double own = 0;     ///< how much people differ in liking the first direction
    double noise = 0;   ///< half the width of the noise of a rating
    bool everybody_alike = false;
};

/// People who follow the generic score and besides have a taste, all of the same photos.
struct Crowd {
    std::vector<std::vector<float>> rows;
    std::string csv = "rater,image,rating\n";

    Crowd(const Prior& prior, int people, int photos, const CrowdOptions& options, std::uint64_t seed = 1) {
        const Album album(prior, photos, seed);
        std::mt19937_64 random(seed + 1000);
        const auto draw = [&] { return static_cast<double>(random() % 10'000) / 5'000 - 1; };
        for (int i = 0; i < photos; ++i) rows.push_back(album.row(i));
        for (int person = 0; person < people; ++person) {
            const double taste = options.shared + (options.everybody_alike ? 0 : options.own * draw());
            for (int i = 0; i < photos; ++i) {
                const double rating = album.liking(i, taste) + options.noise * draw();
                csv += "p" + std::to_string(person) + ",photo" + std::to_string(i) + "," +
                       std::to_string(1 + 4 * std::clamp(rating, 0.0, 1.0)) + "\n";
            }
        }
    }
    RatingsTable ratings() const { return RatingsTable(CsvTable(csv, "crowd.csv"), {1, 5}); }
};

}  // namespace piaa::test
