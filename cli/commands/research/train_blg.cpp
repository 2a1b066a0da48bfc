#include "commands/research/train_blg.h"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>
#include <piaa/meta_start.h>

#include "console/exit_code.h"
#include "console/progress_bar.h"
#include "feedback/rating_dataset.h"
#include "limits/interrupt.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

/// Whole stages of a network, or its head on pooled numbers or class logits.
int train_a_network(const TrainBlgCommandOptions& options, const Model& model, std::ostream& err) {
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err};
    const RatingsTable ratings = read_rated_photos(options.rated).ratings;
    PersonalNetworksOptions networks = options.networks;
    networks.network.as_published = options.blg.as_published;
    networks.network.adam = options.blg.adam;
    networks.network.seed = options.blg.seed;
    PersonalNetwork network =
        make_personal_network(networks, model, ratings.scale(), options.rated.images, ratings.images(), run);
    MetaTrainingOptions meta{options.blg, options.backbone_rate, options.most_people, options.second_order};
    const InterruptGuard guard;
    {
        ProgressBar bar(err, options.terminal.messages && !options.quiet, 100);
        int shown = 0;
        meta.blg.progress = [&](double share) {
            for (; shown < 100 * share; ++shown) bar.step();
            return !InterruptGuard::interrupted();
        };
        network.meta_train(ratings, meta);
    }
    network.save(options.output);
    if (!options.quiet)
        err << "piaa-batch: meta-trained on "
            << (meta.most_people > 0 ? std::min<std::size_t>(meta.most_people, ratings.raters().size())
                                     : ratings.raters().size())
            << " people and " << ratings.images().size() << " photos\n";
    return done;
}

int train(const TrainBlgCommandOptions& options, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    if (options.networks.trained) return train_a_network(options, model, err);
    if (options.second_order)
        throw Error(ErrorCode::bad_argument, "--second-order belongs to --trainable head");
    const Prior prior = options.prior.empty() ? load_prior(model) : load_prior(options.prior);
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err};
    const RatingDataset data = read_rating_dataset(model, prior, options.rated, run);
    save_blg(options.output, prior, train_blg(prior, data.rows, data.ratings, options.blg));
    if (!options.quiet)
        err << "piaa-batch: meta-trained on " << data.ratings.raters().size() << " people and "
            << data.rows.size() << " photos\n";
    return done;
}

}  // namespace

void add_train_blg(CLI::App& train, std::function<void(const TrainBlgCommandOptions&)> run) {
    auto* command = train.add_subcommand("blg", "Meta-train the head by BLG-PIAA's two levels");
    auto options = std::make_shared<TrainBlgCommandOptions>();
    options->terminal = find_terminal();
    TrainBlgOptions& blg = options->blg;
    add_rated_photos_options(*command, options->rated);
    add_model_options(*command, options->model, options->device);
    add_path_option(*command, "--prior", options->prior,
                    "The prior whose directions the head uses; the model's own if not given");
    add_path_option(*command, "--output,-o", options->output, "The weights to write")->required();
    command->add_option("--tasks", blg.tasks, "People a group")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--steps", blg.steps, "Adam steps on support, and again on query")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--rate", blg.learning_rate, "Rate of the inner Adam")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--outer-rate", blg.outer_rate, "How far the common weights follow the tasks")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--epochs", blg.epochs, "Passes over all groups of people")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--support", blg.support, "Photos a person's first level learns from")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command
        ->add_option_function<std::string>(
            "--adam",
            [options](const std::string& form) {
                options->blg.adam = form == "slide" ? AdamForm::slide : AdamForm::pytorch;
            },
            "pytorch, or slide: as the lecture prints it")
        ->check(CLI::IsMember({"pytorch", "slide"}));
    command->add_flag("--faithful", blg.as_published, "Reproduce the authors' code with its quirks");
    add_personal_networks_options(*command, options->networks);
    command->add_option("--views", options->networks.network.views, "Views of a photo, with --trainable")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command->add_option("--backbone-rate", options->backbone_rate, "Rate of the backbone, with --trainable")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command
        ->add_option("--raters", options->most_people, "Meta-train on a sample of so many people; 0 for all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->add_flag("--second-order", options->second_order,
                      "Send the gradient through the inner steps, with --trainable head");
    command->add_option("--seed", blg.seed, "Of the groups and of each person's photos")
        ->capture_default_str();
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

int run_train_blg(const TrainBlgCommandOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, err); });
}

}  // namespace piaa::cli
