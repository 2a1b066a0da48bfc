#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
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

    /// 0 for the lowest rating, 1 for the highest.
    double to_unit(double rating) const { return (rating - low) / (high - low); }
};

/// How a data set's ratings are to be read.
struct RatingForm {
    std::optional<double> limit;  ///< a photo whose mean is above is a good one
    int steps = 0;                ///< ratings on the scale; 0: as many as the predictions have
};

/// What a table of ratings knows, which decides what metrics can be computed from it.
enum class RatingsDetail {
    people,      ///< who gave which rating
    histograms,  ///< how many gave which rating, as in AVA
    means,       ///< a photo's mean alone, as in AADB
};

/// Many people's ratings of many photos. People and photos are numbered in order of first appearance.
class PIAA_API RatingsTable {
public:
    struct Row {
        std::size_t rater = 0;  ///< index into raters()
        std::size_t image = 0;  ///< index into images()
        double rating = 0;      ///< inside the scale
        std::size_t count = 1;  ///< how many gave it; not 1 only in histograms
    };

    /// Columns `image` and `rating`, and `rater` when the ratings are of several people, in any order; others
    /// are ignored. Without `rater` all ratings are one person's, called "". Somebody's repeated ratings of
    /// one photo are all kept. Throws Error(bad_data), naming file, line and column, for a missing column, an
    /// empty name, a rating that is no number or lies outside the scale, a scale that does not rise, or a
    /// table without ratings.
    RatingsTable(const CsvTable& table, const RatingScale& scale = {});

    const RatingScale& scale() const noexcept { return scale_; }
    RatingsDetail detail() const noexcept { return detail_; }
    const std::vector<std::string>& raters() const noexcept { return raters_; }
    const std::vector<std::string>& images() const noexcept { return images_; }
    const std::vector<Row>& rows() const noexcept { return rows_; }

    /// The ratings of the photos that `keep` says yes to, numbered anew. Throws Error(bad_data) when none is.
    RatingsTable of_images(const std::function<bool(const std::string& image)>& keep) const;
    /// The ratings of the people that `keep` says yes to, numbered anew. Throws as of_images().
    RatingsTable of_raters(const std::function<bool(const std::string& rater)>& keep) const;

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
    friend class RatingsCollector;
    RatingsTable(const RatingScale& scale, RatingsDetail detail) : scale_(scale), detail_(detail) {}
    RatingsTable rows_where(const std::function<bool(const Row& row)>& keep, const std::string& what) const;

    RatingScale scale_;
    RatingsDetail detail_ = RatingsDetail::people;
    std::vector<std::string> raters_;
    std::vector<std::string> images_;
    std::vector<Row> rows_;
};

/// Builds a table rating by rating.
class PIAA_API RatingsCollector {
public:
    explicit RatingsCollector(const RatingScale& scale, RatingsDetail detail = RatingsDetail::people)
        : table_(scale, detail) {}

    /// The rating must lie inside the scale, which the caller has checked.
    void add(const std::string& rater, const std::string& image, double rating, std::size_t count = 1);
    /// Throws Error(bad_data), naming the source, when there is no rating.
    RatingsTable take(const std::string& source);

private:
    RatingsTable table_;
    std::unordered_map<std::string, std::size_t> raters_;
    std::unordered_map<std::string, std::size_t> images_;
};

/// Reads the file as RatingsTable says; throws Error(io) when it cannot be read.
PIAA_API RatingsTable read_ratings(const boost::filesystem::path& file, const RatingScale& scale = {});

/// "1-7" to {1, 7}. Throws Error(bad_argument) for other text or a scale that does not rise.
PIAA_API RatingScale parse_rating_scale(const std::string& text);

}  // namespace piaa
