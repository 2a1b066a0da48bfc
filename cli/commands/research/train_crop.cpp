#include "commands/research/train_crop.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <ostream>
#include <random>

#include <CLI/CLI.hpp>

#include <piaa/error.h>
#include <piaa/research/train_crop.h>

#include "photos/cut_out.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

constexpr double window_size = 0.75;  // of the photo's sides

PixelBox random_window(std::mt19937_64& random, Size picture) {
    const auto offset = [&random](int room) {
        return static_cast<int>(random() % static_cast<std::uint64_t>(room + 1));
    };
    const int width = std::max(1, static_cast<int>(window_size * picture.width));
    const int height = std::max(1, static_cast<int>(window_size * picture.height));
    const int x = offset(picture.width - width);
    return {x, offset(picture.height - height), width, height};
}

int train(const TrainCropOptions& options, std::ostream& err) {
    const Model model =
        load_model(options.model.empty() ? default_model() : options.model, {.device = options.device});
    CropTrainer trainer(model);
    std::mt19937_64 random(options.seed);
    PhotoRunOptions photos = options.photos;
    photos.keep_maps = true;
    const PhotoRunSummary summary =
        run_photos(model, photos, err, {[&](PhotoResult&& photo) {
                       trainer.add(photo.features);
                       const Image& picture = *photo.features.picture;
                       const PixelBox place = random_window(random, picture.size());
                       const Image window[] = {cut_out(picture, place)};
                       trainer.add_window(extract_features(model, window, {.keep_maps = true}).front(),
                                          normalized(place, picture.size()));
                   }});
    if (summary.interrupted) return some_files_failed;
    const CropLesson lesson = trainer.learn();
    trainer.save(options.output);
    char line[200];
    std::snprintf(line, sizeof line,
                  "piaa-batch: %zu photos, %zu windows; learned from half, overlap %.3f on the other half, a "
                  "trim in the middle %.3f\n",
                  lesson.photos, lesson.windows, lesson.learned, lesson.centre);
    if (!photos.quiet) err << line;
    return summary.exit_code();
}

}  // namespace

void add_train_crop(CLI::App& train, std::function<void(const TrainCropOptions&)> run) {
    auto* command =
        train.add_subcommand("crop", "Learn what to keep of photos, from well-composed ones without labels");
    auto options = std::make_shared<TrainCropOptions>();
    add_photo_options(*command, options->photos);
    add_model_options(*command, options->model, options->device);
    command->add_option("--seed", options->seed, "Of the windows that are cut out")->capture_default_str();
    add_path_option(*command, "--output,-o", options->output,
                    "The crop heads to write; other models' heads in the file stay")
        ->required();
    command->callback([options, run] { run(*options); });
}

int run_train_crop(const TrainCropOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, err); });
}

}  // namespace piaa::cli
