#include "commands/research/train_kinds.h"

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <piaa/model.h>
#include <piaa/research/train_kinds.h>

#include "run/photo_options.h"

namespace piaa::cli {
namespace {

int train(const TrainKindsOptions& options, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    KindTrainer trainer(model);
    int exit_code = 0;
    for (const auto& [kind, paths] : {std::pair{PictureKind::photo, options.photos.paths},
                                      std::pair{PictureKind::graphic, options.graphics},
                                      std::pair{PictureKind::screenshot, options.screenshots}}) {
        PhotoRunOptions photos = options.photos;
        photos.paths = paths;
        const PhotoRunSummary summary = run_photos(
            model, photos, err, {[&](PhotoResult&& picture) { trainer.add(picture.features, kind); }});
        if (summary.interrupted) return some_files_failed;
        exit_code = std::max<int>(exit_code, summary.exit_code());
    }
    const KindLesson lesson = trainer.learn();
    trainer.save(options.output);
    if (!options.photos.quiet)
        err << fmt::format(
            "piaa-batch: when held out, {:.2f} % of {} photos are flagged, {:.1f} % of {} graphics and "
            "{:.1f} % of {} "
            "screenshots; {:.1f} % of these by the right name\n",
            100 * lesson.photos_flagged, lesson.photos, 100 * lesson.graphics_found, lesson.graphics,
            100 * lesson.screenshots_found, lesson.screenshots, 100 * lesson.named_right);
    return exit_code;
}

}  // namespace

void add_train_kinds(CLI::App& train_app, std::function<void(const TrainKindsOptions&)> run) {
    auto* command = train_app.add_subcommand(
        "kinds", "Learn which pictures are no photos, from photos, graphics and screenshots");
    auto options = std::make_shared<TrainKindsOptions>();
    add_photo_options(*command, options->photos);
    add_cache_options(*command, options->photos.cache);
    add_model_options(*command, options->model, options->device);
    const auto add = [&](const char* name, std::vector<std::string>& paths, const char* what) {
        command->add_option(name, paths, what)->required()->type_name("PATH")->allow_extra_args(false);
    };
    add("--graphics", options->graphics, "Logos, diagrams, flat illustrations; may be given several times");
    add("--screenshots", options->screenshots, "Screenshots; may be given several times");
    add_path_option(*command, "--output,-o", options->output,
                    "The rules to write; other networks' rules in the file stay")
        ->required();
    command->callback([options, run] { run(*options); });
}

int run_train_kinds(const TrainKindsOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, err); });
}

}  // namespace piaa::cli
