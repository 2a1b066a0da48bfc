#include "feedback/rated_photos.h"

#include <map>
#include <ostream>
#include <set>
#include <sstream>

#include <CLI/CLI.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <boost/filesystem/operations.hpp>

#include <piaa/csv.h>
#include <piaa/error.h>
#include <piaa/research/dataset.h>

#include "cache/feature_cache.h"
#include "console/escape.h"
#include "console/progress_bar.h"
#include "limits/interrupt.h"
#include "limits/machine_limits.h"
#include "photos/image_file.h"
#include "photos/name_spellings.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

/// "subset=one,two"
struct Selection {
    std::string column;
    std::set<std::string> values;

    explicit Selection(const std::string& text) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw Error(ErrorCode::bad_argument,
                        "selection is '" + text + "' and should be like subset=one,two");
        column = text.substr(0, equals);
        std::istringstream list(text.substr(equals + 1));
        for (std::string value; std::getline(list, value, ',');) values.insert(value);
    }
};

std::map<std::string, std::string> column_by_image(const CsvTable& table, const std::string& column) {
    const auto image = table.column("image");
    const auto wanted = table.column(column);
    std::map<std::string, std::string> result;
    for (const auto& row : table.rows()) result[row.fields[image]] = row.fields[wanted];
    return result;
}

/// The ratings, and the part of a published data set that each photo belongs to.
struct Rated {
    RatingsTable ratings;
    std::map<std::string, std::string> parts;
    RatingForm form;
};

Rated read_any(const RatedPhotosOptions& options) {
    if (options.layout.empty())
        return {read_ratings(options.ratings, parse_rating_scale(options.scale)), {}, {}};
    Dataset data = read_dataset(options.layout, options.ratings);
    Rated result{data.ratings, {}, data.form};
    for (std::size_t i = 0; i < data.parts.size(); ++i)
        result.parts[data.ratings.images()[i]] = data.parts[i];
    if (options.tested_people_only && !data.test_raters.empty()) {
        const std::set<std::string> tested(data.test_raters.begin(), data.test_raters.end());
        result.ratings = data.ratings.of_raters([&](const auto& rater) { return tested.contains(rater); });
    }
    return result;
}

}  // namespace

void add_ratings_options(CLI::App& command, RatedPhotosOptions& options) {
    add_path_option(command, "--ratings", options.ratings,
                    "CSV of ratings: rater,image,rating; or the folder of a --layout", "PATH")
        ->required();
    command.add_option("--scale", options.scale, "Lowest and highest rating, like 1-5")
        ->capture_default_str();
    command.add_option("--layout", options.layout, "Read the files of a published data set as they are")
        ->check(CLI::IsMember(dataset_layouts()));
}

void add_rated_photos_options(CLI::App& command, RatedPhotosOptions& options) {
    add_path_option(command, "--images", options.images, "Folder of the photos", "PATH")->required();
    add_ratings_options(command, options);
    add_path_option(command, "--groups", options.groups, "CSV about the photos: image and further columns",
                    "PATH");
    command.add_option("--group-column", options.group_column,
                       "Photos alike in this column never stand on both sides of a fold");
    command.add_option("--only", options.only,
                       "Use these photos only: COLUMN=VALUE,VALUE; part=test of a --layout");
}

RatingsWithGroups read_rated_photos(const RatedPhotosOptions& options) {
    const bool by_part = !options.layout.empty() && options.only.starts_with("part=");
    if (options.groups.empty() && (!options.group_column.empty() || (!options.only.empty() && !by_part)))
        throw Error(ErrorCode::bad_argument, "--group-column and --only need the table of --groups");
    Rated rated = read_any(options);
    RatingsTable ratings = std::move(rated.ratings);
    if (by_part) {
        const Selection selection(options.only);
        ratings = ratings.of_images(
            [&](const std::string& image) { return selection.values.count(rated.parts[image]) > 0; });
    }
    std::map<std::string, std::string> groups;
    if (!options.groups.empty()) {
        const CsvTable table = read_csv(options.groups);
        if (!options.only.empty() && !by_part) {
            const Selection selection(options.only);
            const auto values = column_by_image(table, selection.column);
            ratings = ratings.of_images([&](const std::string& image) {
                const auto found = values.find(image);
                return found != values.end() && selection.values.count(found->second) > 0;
            });
        }
        if (!options.group_column.empty()) groups = column_by_image(table, options.group_column);
    }
    RatingsWithGroups result{std::move(ratings), {}, rated.form};
    for (const auto& image : result.ratings.images()) {
        const auto found = groups.find(image);
        if (!options.group_column.empty() && found == groups.end())
            throw Error(ErrorCode::bad_data,
                        options.groups.string() + ": rated photo " + image + " is missing from the table");
        result.groups.push_back(found == groups.end() ? image : found->second);
    }
    return result;
}

boost::filesystem::path photo_file(const boost::filesystem::path& folder, const std::string& name) {
    const auto in_folder = [&](const boost::filesystem::path& path) {
        return path.is_absolute() ? path : folder / path;  // Boost appends even a full path
    };
    boost::system::error_code ignored;
    // Windows parts folders by another character.
    for (const auto& written : {name, boost::algorithm::replace_all_copy(name, "\\", "/")})
        for (const auto& spelling : spellings(written))
            if (boost::filesystem::exists(in_folder(spelling), ignored)) return in_folder(spelling);
    return in_folder(name);
}

std::vector<NamedFeatures> read_features(const Model& model, const boost::filesystem::path& folder,
                                         const std::vector<std::string>& names, const FeatureRun& run) {
    const InterruptGuard guard;
    std::vector<Photo> photos;
    for (const auto& name : names) photos.push_back({photo_file(folder, name)});
    PipelineOptions pipeline;
    const WorkPlan plan = plan_work(run.jobs, 0, machine_limits());
    limit_decoding_memory(plan.decoding, plan.strict);
    pipeline.jobs = plan.jobs;
    pipeline.stop = InterruptGuard::interrupted;
    const auto cache = open_cache(run.cache, model, *run.messages);
    pipeline.cache = cache.get();
    ProgressBar bar(*run.messages, run.terminal.messages && !run.quiet, photos.size());
    std::vector<NamedFeatures> result;
    run_photo_pipeline(model, photos_of(photos), pipeline, [&](PhotoResult&& photo) {
        if (photo.error) {
            bar.clear();
            *run.messages << "piaa-batch: " << printable(photo.error->what()) << std::endl;
        } else {
            result.push_back({names[photo.index], std::move(photo.features)});
        }
        bar.step();
        if (const auto warning = cache ? cache->warning() : std::nullopt) {
            bar.clear();
            *run.messages << "piaa-batch: " << printable(*warning) << std::endl;
        }
    });
    if (InterruptGuard::interrupted()) throw Error(ErrorCode::cancelled, "interrupted before the end");
    return result;
}

RatingsWithGroups ratings_of(const RatingsWithGroups& rated, const std::vector<NamedFeatures>& seen) {
    std::set<std::string> names;
    for (const auto& photo : seen) names.insert(photo.name);
    RatingsWithGroups result{
        rated.ratings.of_images([&](const auto& image) { return names.count(image) > 0; }), {}, rated.form};
    for (std::size_t i = 0; i < rated.groups.size(); ++i)
        if (names.count(rated.ratings.images()[i]) > 0) result.groups.push_back(rated.groups[i]);
    return result;
}

}  // namespace piaa::cli
