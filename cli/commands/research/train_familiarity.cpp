#include "commands/research/train_familiarity.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <piaa/error.h>
#include <piaa/research/train_familiarity.h>

#include "console/exit_code.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

int train(const TrainFamiliarityOptions& options, std::ostream& out, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    RatedPhotosOptions by_kind = options.rated;
    by_kind.group_column = options.kind_column;
    const RatingsWithGroups rated = read_rated_photos(options.rated);
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    const auto seen = read_features(model, options.rated.images, rated.ratings.images(), run);
    const RatingsWithGroups kept = ratings_of(rated, seen);
    FamiliarityData data{{},
                         kept.ratings.image_distributions(7),
                         kept.groups,
                         ratings_of(read_rated_photos(by_kind), seen).groups};
    for (const auto& photo : seen) data.features.push_back(photo.features);

    out << fmt::format("{:<22} {:>6} {:>8} {:>13} {:>11} {:>7}\n", "", "photos", "novelty", "mean's error",
                       "a rating's", "stated");
    for (const FamiliarityRow& row : train_familiarity(model, data, options.output))
        out << fmt::format("{:<22} {:>6} {:>8.3f} {:>13.3f} {:>11.3f} {:>7.3f}\n", row.name, row.photos,
                           row.novelty, row.mean_error, row.error, row.stated);
    return done;
}

}  // namespace

void add_train_familiarity(CLI::App& train_app, std::function<void(const TrainFamiliarityOptions&)> run) {
    auto* command = train_app.add_subcommand(
        "familiarity", "Learn how far photos can be from those a model learned from, and what that costs");
    auto options = std::make_shared<TrainFamiliarityOptions>();
    options->terminal = find_terminal();
    add_rated_photos_options(*command, options->rated);
    command
        ->add_option("--kind-column", options->kind_column,
                     "Column of --groups with few and wide kinds, each of which is held out once")
        ->required();
    add_model_options(*command, options->model, options->device);
    add_cache_options(*command, options->cache);
    add_path_option(*command, "--output,-o", options->output, "The file to write; other models in it stay")
        ->required();
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

int run_train_familiarity(const TrainFamiliarityOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, out, err); });
}

}  // namespace piaa::cli
