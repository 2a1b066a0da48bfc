#include "commands/train_crop.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>
#include <piaa/train_crop.h>

#include "commands/photo_options.h"
#include "escape.h"

namespace piaa::cli {

void add_train_crop(CLI::App& train, std::function<void(const TrainCropOptions&)> run) {
    auto* command =
        train.add_subcommand("crop", "Learn what stands out in photos, for crops; no labels needed");
    auto options = std::make_shared<TrainCropOptions>();
    add_photo_options(*command, options->photos);
    add_model_options(*command, options->model, options->device);
    command->add_option("--stages", options->stages, "Stage maps that tell what stands out, from 0")
        ->delimiter(',')
        ->capture_default_str();
    command
        ->add_option_function<std::string>(
            "--output,-o", [options](const std::string& file) { options->output = file; },
            "The crop head to write; other networks' heads in it stay")
        ->type_name("FILE")
        ->required();
    command->callback([options, run] { run(*options); });
}

int run_train_crop(const TrainCropOptions& options, std::ostream& err) {
    try {
        const Model model =
            load_model(options.model.empty() ? default_model() : options.model, {.device = options.device});
        CropTrainer trainer(model, options.stages);
        PhotoRunOptions photos = options.photos;
        photos.keep_maps = true;
        const PhotoRunSummary summary =
            run_photos(model, photos, err, {[&](PhotoResult&& photo) { trainer.add(photo.features); }});
        if (summary.interrupted) return some_files_failed;
        trainer.save(options.output);
        if (!photos.quiet) err << "piaa-batch: learned from " << trainer.photos() << " photos\n";
        return summary.exit_code();
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return cannot_start;
    }
}

}  // namespace piaa::cli
