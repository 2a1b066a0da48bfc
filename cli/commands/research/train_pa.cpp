#include "commands/research/train_pa.h"

#include <array>
#include <cmath>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <piaa/csv.h>
#include <piaa/error.h>
#include <piaa/statistics.h>

#include "console/exit_code.h"
#include "feedback/prior_data.h"
#include "limits/interrupt.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

constexpr const char* letters = "OCEAN";

struct Liked {
    LikedFeatures learned;
    LikedFeatures tested;
};

/// Features of the liked photos, each photo read once however many people like it.
Liked read_liked(const Model& model, const TrainPaCommandOptions& options, const FeatureRun& run) {
    Liked result;
    if (options.liked.empty()) return result;
    const LikedPhotos photos = read_liked_photos(options.liked, options.liked_images);
    std::map<std::string, Features> known;
    std::vector<std::string> names;
    for (const auto& image : photos.images)
        if (known.emplace(image, Features{}).second) names.push_back(image);
    known.clear();
    for (auto& one : read_features(model, options.liked_images, names, run))
        known[one.name] = std::move(one.features);
    for (std::size_t i = 0; i < photos.images.size(); ++i) {
        const auto found = known.find(photos.images[i]);
        if (found == known.end()) continue;  // named on err already
        const bool test = options.held_out > 0 && i % static_cast<std::size_t>(options.held_out) == 0;
        LikedFeatures& part = test ? result.tested : result.learned;
        part.features.push_back(found->second);
        const auto* traits = photos.traits.data() + i * trait_count;
        part.traits.insert(part.traits.end(), traits, traits + trait_count);
    }
    return result;
}

/// The table of real people's answers and choices: a header ",O,C,E,A,N" and a row per trait.
std::array<std::array<double, trait_count>, trait_count> read_choices(const boost::filesystem::path& file) {
    const CsvTable table = read_csv(file);
    std::array<std::array<double, trait_count>, trait_count> choices{};
    if (table.rows().size() != trait_count)
        throw Error(ErrorCode::bad_data, table.name() + ": there are " + std::to_string(table.rows().size()) +
                                             " rows and should be one for each of O, C, E, A, N");
    for (std::size_t i = 0; i < trait_count; ++i)
        for (std::size_t j = 0; j < trait_count; ++j)
            choices[i][j] = table.number(table.rows()[i], table.column(std::string(1, letters[j])));
    return choices;
}

void tell_check(const StyleCheck& check, std::ostream& out) {
    out << "style axis  held-out photos  srocc with label  balanced accuracy\n";
    for (std::size_t i = 0; i < trait_count; ++i)
        out << fmt::format("{}           {:15}  {:16.3f}  {:17.3f}\n", letters[i], check.photos[i],
                           check.srocc[i], check.accuracy[i]);
    out << "mean of each axis over photos of the high minus the low end\nphotos of     O      C      E      "
           "A      N\n";
    for (std::size_t i = 0; i < trait_count; ++i) {
        out << letters[i] << "        ";
        for (std::size_t j = 0; j < trait_count; ++j) out << fmt::format(" {:6.2f}", check.difference[i][j]);
        out << '\n';
    }
}

/// How the axes' order compares with what real people chose.
void tell_choices(const StyleCheck& check, const boost::filesystem::path& file, std::ostream& out) {
    const auto choices = read_choices(file);
    std::vector<double> real;
    std::vector<double> ours;
    std::vector<double> real_beside;
    std::vector<double> ours_beside;
    for (std::size_t i = 0; i < trait_count; ++i)
        for (std::size_t j = 0; j < trait_count; ++j) {
            (i == j ? real : real_beside).push_back(choices[i][j]);
            (i == j ? ours : ours_beside).push_back(i == j ? check.srocc[i] : check.difference[j][i]);
        }
    out << fmt::format(
        "order of the axes against people's own choices (5 numbers): {:.2f}; off the diagonal (20): {:.2f}\n",
        spearman(ours, real), spearman(ours_beside, real_beside));
}

void tell_held_out(const Model& model, const PriorData& data, const LikedFeatures& liked,
                   const TrainPaOptions& options, std::ostream& out) {
    const auto ratings = held_out_style_ratings(model, data, liked, options);
    out << fmt::format("aesthetic head, five parts held out by turns: srocc {:.3f} (the model: {:.3f})\n",
                       spearman(ratings, data.ratings.image_means()),
                       spearman(data.held_out_generic, data.ratings.image_means()));
}

int train(const TrainPaCommandOptions& options, std::ostream& out, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    const PriorData data = read_prior_data(model, options.rated, run);
    const Liked liked = read_liked(model, options, run);

    const InterruptGuard guard;
    TrainPaOptions pa = options.pa;
    const Prior directions = options.prior.empty() ? load_prior(model) : load_prior(options.prior);
    pa.directions = &directions;
    pa.progress = [](double) { return !InterruptGuard::interrupted(); };
    if (options.cross_validate) tell_held_out(model, data, liked.learned, pa, out);
    const Prior prior = train_pa(model, data, liked.learned, pa);
    save_prior(options.output, prior);
    if (!liked.tested.features.empty()) {
        const StyleCheck check = check_style(prior, liked.tested);
        tell_check(check, out);
        if (!options.choices.empty()) tell_choices(check, options.choices, out);
    }
    if (!options.quiet)
        err << "piaa-batch: trained on " << data.features.size() << " rated and "
            << (pa.personality ? liked.learned.features.size() : 0) << " liked photos, fusion on "
            << data.ratings.raters().size() << " people\n";
    return done;
}

void add_training_options(CLI::App& command, TrainPaOptions& pa) {
    command.add_option("--hidden", pa.hidden, "Width of the layer both streams share")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--epochs", pa.epochs, "Passes over all photos")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--batch", pa.batch, "Photos of each stream a step")
        ->check(CLI::Range(2, 100000))
        ->capture_default_str();
    command.add_option("--rate", pa.learning_rate, "Learning rate at first")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--personality-rate", pa.personality_rate, "Of the steps on personality; 0: the same")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--decay", pa.decay, "Factor on the rates every epoch")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command.add_option("--momentum", pa.momentum, "Of the steps")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command.add_option("--weight-decay", pa.weight_decay, "How strongly weights are drawn to zero")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_flag("--faithful", pa.as_published,
                     "Train as the authors' code runs, not as the lecture says");
    command
        .add_option_function<std::string>(
            "--generic", [&pa](const std::string& whose) { pa.own_generic = whose == "own"; },
            "What a person's score starts from: model, or own: this network's aesthetic head")
        ->check(CLI::IsMember({"model", "own"}));
}

void add_one(CLI::App& train, const std::string& name, const std::string& help,
             const std::function<void(const TrainPaCommandOptions&)>& run) {
    auto* command = train.add_subcommand(name, help);
    auto options = std::make_shared<TrainPaCommandOptions>();
    options->terminal = find_terminal();
    TrainPaOptions& pa = options->pa;
    pa.personality = name == "pa";
    add_rated_photos_options(*command, options->rated);
    auto* liked =
        add_path_option(*command, "--liked", options->liked,
                        "Table of liked photos: user,O,C,E,A,N or image,trait,sign or PARA-UserInfo.csv");
    add_path_option(*command, "--liked-images", options->liked_images, "Folder of the liked photos", "PATH");
    if (pa.personality) liked->required();
    command
        ->add_option("--held-out", options->held_out,
                     "Leave every so many-th liked photo out and tell how its ends are told apart")
        ->check(CLI::Range(2, 1000));
    add_path_option(*command, "--choices", options->choices,
                    "Correlations of real people's answers and choices, to compare the axes with");
    add_model_options(*command, options->model, options->device);
    add_path_option(*command, "--prior", options->prior,
                    "Linear prior whose profiles are to be told in axes too; the model's own if not given");
    add_path_option(*command, "--output,-o", options->output, "The prior to write")->required();
    add_training_options(*command, pa);
    command->add_option("--description", pa.description, "One line about the prior, kept in it");
    command->add_option("--seed", pa.seed, "Of the first weights and of all draws")->capture_default_str();
    command->add_flag("--cross-validate", options->cross_validate,
                      "Tell how well the aesthetic head does on photos it was not trained on");
    add_cache_options(*command, options->cache);
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

}  // namespace

void add_train_pa(CLI::App& train, std::function<void(const TrainPaCommandOptions&)> run) {
    add_one(train, "pa", "PA_IAA: aesthetics and style axes by two streams, and their fusion for one person",
            run);
    add_one(train, "mt", "MT_IAA: the same without the personality task", run);
}

int run_train_pa(const TrainPaCommandOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, out, err); });
}

}  // namespace piaa::cli
