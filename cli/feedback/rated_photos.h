#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/generic_metrics.h>
#include <piaa/research/ratings_table.h>
#include <piaa/research/train.h>

#include "console/terminal.h"
#include "run/cache_options.h"
#include "run/photo_pipeline.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// Where many people's ratings and the rated photos are.
struct RatedPhotosOptions {
    boost::filesystem::path images;   ///< folder that the names in the tables are relative to
    boost::filesystem::path ratings;  ///< CSV: rater,image,rating
    std::string scale = "1-5";
    boost::filesystem::path groups;  ///< CSV: image and the columns below; may be empty
    std::string group_column;        ///< photos alike in it are never on both sides of a fold
    std::string only;                ///< COLUMN=VALUE,VALUE...: the photos to use; empty for all
    /// One of dataset_layouts(), and then `ratings` is the data set's folder; empty for our own tables.
    std::string layout;
    bool tested_people_only = false;  ///< of a data set, the people that its protocol tests on
};

/// --images, --ratings, --scale, --layout, --groups, --group-column, --only.
void add_rated_photos_options(CLI::App& command, RatedPhotosOptions& options);

/// Ratings and the group of each rated photo.
struct RatingsWithGroups {
    RatingsTable ratings;
    std::vector<std::string> groups;  ///< of each of ratings.images(); its own name without a group column
    RatingForm form;                  ///< how the data set's ratings are to be read
};

/// --ratings, --scale, --layout: ratings alone, without the photos.
void add_ratings_options(CLI::App& command, RatedPhotosOptions& options);

/// Throws Error(bad_data) for tables that are wrong or do not fit together.
RatingsWithGroups read_rated_photos(const RatedPhotosOptions& options);

/// How features are taken from many photos.
struct FeatureRun {
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
    std::ostream* messages = nullptr;  ///< progress and one line per photo that failed
    CacheOptions cache = {};
};

/// A photo by its name in a table.
struct NamedFeatures {
    std::string name;
    Features features;
};

/// The file that a table names: below the folder, or a full path as it stands.
boost::filesystem::path photo_file(const boost::filesystem::path& folder, const std::string& name);

/// The features of folder/name for each name, in that order; photos that fail are named on messages and left
/// out. Throws Error(cancelled) after Ctrl-C.
std::vector<NamedFeatures> read_features(const Model& model, const boost::filesystem::path& folder,
                                         const std::vector<std::string>& names, const FeatureRun& run);

/// Drops the ratings of photos that could not be read; `seen` is what read_features() gave for
/// rated.ratings.images(). Throws Error(bad_data) when none is left.
RatingsWithGroups ratings_of(const RatingsWithGroups& rated, const std::vector<NamedFeatures>& seen);

}  // namespace piaa::cli
