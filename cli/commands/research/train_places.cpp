#include "commands/research/train_places.h"

#include <memory>
#include <ostream>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <piaa/research/train_places.h>

#include "console/exit_code.h"
#include "run/photo_options.h"
#include "run/worker_results.h"

namespace piaa::cli {
namespace {

int train(const TrainPlacesOptions& options, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    PhotoRunOptions photos = options.photos;
    photos.keep_maps = true;
    WorkerResults<std::vector<BlurredPart>> looks;
    PlacesTrainer trainer(model, options.output);
    PhotoHandlers handlers;
    handlers.work = [&](PhotoResult& photo) {
        looks.put(photo, trainer.blur_parts(photo.features, options.pairs));
    };
    handlers.done = [&](PhotoResult&& photo) { trainer.add(looks.take(photo)); };
    const PhotoRunSummary summary = run_photos(model, photos, err, handlers);
    if (summary.interrupted) return some_files_failed;
    const PlacesLesson lesson = trainer.learn();
    if (!options.photos.quiet)
        err << fmt::format(
            "piaa-batch: {} photos, penalty {:g}; held out, what a part does to the score correlates with "
            "its places by {:.3f}, by how whole photos differ {:.3f}\n",
            lesson.photos, lesson.penalty, lesson.correlation, lesson.by_reading);
    return summary.exit_code();
}

}  // namespace

void add_train_places(CLI::App& train, std::function<void(const TrainPlacesOptions&)> run) {
    auto* command = train.add_subcommand(
        "places", "Learn what each place of a photo does to its score, from photos with parts blurred away");
    auto options = std::make_shared<TrainPlacesOptions>();
    add_photo_options(*command, options->photos);
    add_model_options(*command, options->model, options->device);
    command
        ->add_option("--pairs", options->pairs, "Parts of each photo that are blurred, one after the other")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    add_path_option(*command, "--output,-o", options->output, "The file to write; other models in it stay")
        ->required();
    command->callback([options, run] { run(*options); });
}

int run_train_places(const TrainPlacesOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, err); });
}

}  // namespace piaa::cli
