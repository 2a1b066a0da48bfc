#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/csv.h>
#include <piaa/export.h>
#include <piaa/score.h>

namespace piaa {

/// The lowest and the highest rating people could give.
struct RatingScale {
    double low = 1;
    double high = 5;
};

/// Many people's ratings of many photos. People and photos are numbered in order of first appearance.
class PIAA_API RatingsTable {
public:
    struct Row {
        std::size_t rater = 0;  ///< index into raters()
        std::size_t image = 0;  ///< index into images()
        double rating = 0;      ///< inside the scale
    };

    /// Columns `image` and `rating`, and `rater` when the ratings are of several people, in any order; others
    /// are ignored. Without `rater` all ratings are one person's, called "". Somebody's repeated ratings of
    /// one photo are all kept. Throws Error(bad_data), naming file, line and column, for a missing column, an
    /// empty name, a rating that is no number or lies outside the scale, a scale that does not rise, or a
    /// table without ratings.
    RatingsTable(const CsvTable& table, const RatingScale& scale = {});

    const RatingScale& scale() const noexcept { return scale_; }
    const std::vector<std::string>& raters() const noexcept { return raters_; }
    const std::vector<std::string>& images() const noexcept { return images_; }
    const std::vector<Row>& rows() const noexcept { return rows_; }

    /// The ratings of the photos that `keep` says yes to, numbered anew. Throws Error(bad_data) when none is.
    RatingsTable of_images(const std::function<bool(const std::string& image)>& keep) const;

    /// Mean rating of each photo.
    std::vector<double> image_means() const;
    /// How many ratings each photo has.
    std::vector<std::size_t> image_counts() const;
    /// Share of people who gave each photo each of `bins` equally spaced ratings from low to high; a rating
    /// in between counts for its two neighbours by nearness, so that the mean is kept.
    std::vector<ScoreDistribution> image_distributions(int bins) const;
    /// For each row, the mean rating the photo got from the other raters; NaN when nobody else rated it.
    std::vector<double> leave_one_out_means() const;

private:
    explicit RatingsTable(const RatingScale& scale) : scale_(scale) {}

    RatingScale scale_;
    std::vector<std::string> raters_;
    std::vector<std::string> images_;
    std::vector<Row> rows_;
};

/// Reads the file as RatingsTable says; throws Error(io) when it cannot be read.
PIAA_API RatingsTable read_ratings(const boost::filesystem::path& file, const RatingScale& scale = {});

/// "1-7" to {1, 7}. Throws Error(bad_argument) for other text or a scale that does not rise.
PIAA_API RatingScale parse_rating_scale(const std::string& text);

}  // namespace piaa
