#include "commands/research/train_prior.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>

#include "console/exit_code.h"
#include "feedback/prior_data.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

int train(const TrainPriorCommandOptions& options, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err};
    const PriorData data = read_prior_data(model, options.rated, run);
    const Prior prior = train_prior(model, data, options.prior);
    save_prior(options.output, prior);
    if (!options.quiet)
        err << "piaa-batch: learned how " << data.ratings.raters().size() << " people differ on "
            << data.features.size() << " photos: " << prior.directions() << " directions\n";
    return done;
}

}  // namespace

void add_train_prior(CLI::App& train, std::function<void(const TrainPriorCommandOptions&)> run) {
    auto* command = train.add_subcommand("prior", "Learn how people differ, from many people's ratings");
    auto options = std::make_shared<TrainPriorCommandOptions>();
    options->terminal = find_terminal();
    add_rated_photos_options(*command, options->rated);
    add_model_options(*command, options->model, options->device);
    add_path_option(*command, "--output,-o", options->output, "The prior to write")->required();
    command->add_option("--directions", options->prior.directions, "Directions of taste to keep")
        ->check(CLI::Range(1, static_cast<int>(63 - attribute_count)))
        ->capture_default_str();
    command->add_option("--description", options->prior.description, "One line about the prior, kept in it");
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

int run_train_prior(const TrainPriorCommandOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, err); });
}

}  // namespace piaa::cli
