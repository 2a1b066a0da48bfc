#include "commands/research/train_generic.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/filesystem/fstream.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/polish.h>
#include <piaa/research/generic_metrics.h>

#include "console/exit_code.h"
#include "console/output.h"
#include "photos/photo_list.h"
#include "report/metric_table.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

const std::vector<std::string> mirror_names{"never", "training", "always"};

/// The photos a network could see, their ratings and groups, and the table of just their ratings.
struct TrainingSet {
    RatedPhotos photos;
    RatingsTable ratings;
    std::vector<std::string> names;
    bool complete = true;  ///< every rated photo could be read
};

std::vector<Features> without_names(std::vector<NamedFeatures>&& named) {
    std::vector<Features> features;
    for (auto& one : named) features.push_back(std::move(one.features));
    return features;
}

int bins_of(const RatingScale& scale) {
    return std::clamp(static_cast<int>(std::lround(scale.high - scale.low)) + 1, 2, 100);
}

std::optional<Teaching> read_teaching(const TrainGenericOptions& options, const Model& student,
                                      const TrainingSet& set, const FeatureRun& run) {
    if (options.teacher.empty()) return std::nullopt;
    BackboneOptions network = options.network;
    network.input_side = options.teacher_side;
    network.stages.clear();
    Teaching teaching{load_backbone(options.teacher, network), {}, {}, {}, options.teacher_weight};
    teaching.rated = without_names(read_features(teaching.teacher, options.rated.images, set.names, run));

    const auto list = list_photos({options.unrated.string()});
    std::vector<std::string> names;
    for (const auto& photo : list.photos)
        if (photo.expected) names.push_back(photo.file.string());
    auto seen = read_features(teaching.teacher, "", names, run);
    names.clear();
    for (const auto& photo : seen) names.push_back(photo.name);
    teaching.unrated = without_names(std::move(seen));
    teaching.student = without_names(read_features(student, "", names, run));
    return teaching;
}

Json report_of(const TrainGenericOptions& options, const TrainingSet& set, const GenericHead& head,
               const MetricRow* metrics) {
    Json report{{"photos", set.names.size()},
                {"raters", set.ratings.raters().size()},
                {"ratings", set.ratings.rows().size()},
                {"backbone", options.backbone.filename().string()},
                {"input_side", options.network.input_side},
                {"squash", options.network.squash},
                {"mirror", mirror_names.at(static_cast<std::size_t>(options.mirror))},
                {"teacher", options.teacher.filename().string()},
                {"polish_weight", options.polish_weight},
                {"folds", options.folds},
                {"seed", options.seed},
                {"mean_penalty", head.mean_penalty},
                {"spread_penalty", head.spread_penalty},
                {"calibration", {head.calibration_slope, head.calibration_intercept}}};
    if (metrics != nullptr)
        for (const auto& metric : metrics->metrics)
            report["held_out"][metric.name] = {metric.value, metric.interval.low, metric.interval.high};
    return report;
}

TrainingSet read_training_set(const TrainGenericOptions& options, const BackboneOptions& network,
                              const Model& model, const FeatureRun& run) {
    auto rated = read_rated_photos(options.rated);
    auto seen = read_features(model, options.rated.images, rated.ratings.images(), run);
    RatingsWithGroups known = ratings_of(rated, seen);
    TrainingSet set{{}, std::move(known.ratings), {}, seen.size() == rated.ratings.images().size()};
    for (auto& one : seen) set.names.push_back(one.name);
    set.photos.features = without_names(std::move(seen));
    set.photos.ratings = set.ratings.image_distributions(bins_of(set.ratings.scale()));
    set.photos.groups = std::move(known.groups);
    if (options.mirror == MirrorUse::training) {
        BackboneOptions both = network;
        both.mirror = true;
        const Model seeing_both = load_backbone(options.backbone, both);
        set.photos.learned = without_names(read_features(seeing_both, options.rated.images, set.names, run));
    }
    return set;
}

HeadPrior polish_prior(const TrainGenericOptions& options, const Model& model) {
    if (options.polish_weight <= 0) return {};
    HeadPrior prior{polish_direction(model), options.polish_weight};
    if (prior.direction.empty())
        throw Error(ErrorCode::bad_argument,
                    options.backbone.string() +
                        ": models/polish.safetensors has no head for this network's last stage");
    return prior;
}

int train(const TrainGenericOptions& options, std::ostream& out, std::ostream& err) {
    if (options.deep.trained) check_train_network(options);
    BackboneOptions network = options.network;
    network.scale = parse_rating_scale(options.rated.scale);
    network.bins = bins_of(network.scale);
    network.mirror = options.mirror == MirrorUse::always;
    const Model model = load_backbone(options.backbone, network);
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err};
    const TrainingSet set = read_training_set(options, network, model, run);
    if (options.deep.trained) {
        const bool complete = train_network(options, model, set.photos, set.ratings, out, err);
        return set.complete && complete ? done : some_files_failed;
    }
    const auto teaching = read_teaching(options, model, set, run);
    const HeadOptions head_options{options.features, options.folds, options.seed,
                                   polish_prior(options, model)};

    std::optional<MetricRow> metrics;
    if (options.cross_validate) {
        const auto held_out = predict_held_out(model, set.photos, teaching, head_options);
        metrics = MetricRow{"held out", generic_metrics(held_out, set.ratings)};
        write_metric_table(out, {*metrics});
    }
    const ExitCode exit_code = set.complete ? done : some_files_failed;
    if (options.output.empty()) return exit_code;
    const GenericHead head = train_head(model, set.photos, teaching, head_options);
    save_generic_model(options.output, model, head, options.description, !options.full_precision);
    if (!options.report.empty()) {
        Output report(options.report, out);
        report.stream() << report_of(options, set, head, metrics ? &*metrics : nullptr).dump(2) << '\n';
        report.complete();
    }
    if (!options.quiet)
        err << "piaa-batch: learned from " << set.ratings.rows().size() << " ratings of " << set.names.size()
            << " photos by " << set.ratings.raters().size() << " people\n";
    return exit_code;
}

}  // namespace

void add_train_generic(CLI::App& train, std::function<void(const TrainGenericOptions&)> run) {
    auto* command = train.add_subcommand("generic", "Learn what people in general like");
    auto options = std::make_shared<TrainGenericOptions>();
    options->terminal = find_terminal();
    add_rated_photos_options(*command, options->rated);
    add_path_option(*command, "--backbone", options->backbone, "The network to start from")->required();
    add_path_option(*command, "--output,-o", options->output,
                    "The model to write; without it only the metrics are shown");
    add_path_option(*command, "--report", options->report, "What was done and how well, as JSON");
    command->add_option("--description", options->description, "One line about the model, kept in it");
    command->add_option("--input-size", options->network.input_side, "The network sees N * N pixels")
        ->check(CLI::Range(32, 1024))
        ->capture_default_str();
    command->add_flag("--squash", options->network.squash,
                      "Squash photos to a square instead of keeping their aspect");
    command->add_option("--stages", options->network.stages, "Stages of the network to use, from 0")
        ->delimiter(',');
    command->add_option("--stage-weights", options->features.stage_weights, "How much each of them counts")
        ->delimiter(',');
    command->add_flag("--deviations", options->features.deviations, "Use channel deviations beside means");
    command->add_flag("--attributes", options->features.attributes,
                      "Use hand-made attributes too; only to compare");
    command
        ->add_option_function<std::string>(
            "--mirror",
            [options](const std::string& use) {
                options->mirror = static_cast<MirrorUse>(
                    std::find(mirror_names.begin(), mirror_names.end(), use) - mirror_names.begin());
            },
            "When to look at mirror images too: never, training (default) or always")
        ->check(CLI::IsMember(mirror_names));
    add_path_option(*command, "--teacher", options->teacher,
                    "A network whose head labels the photos of --unrated");
    command->add_option("--teacher-input-size", options->teacher_side, "The teacher sees N * N pixels")
        ->check(CLI::Range(32, 1024));
    add_path_option(*command, "--unrated", options->unrated,
                    "Folder of photos to be labelled by the teacher");
    command
        ->add_option("--teacher-weight", options->teacher_weight,
                     "How much a labelled photo counts beside a rated one")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command
        ->add_option("--polish-weight", options->polish_weight,
                     "Start from the head for polish, which then moves the ratings of the photos by so much "
                     "(standard deviation); without --teacher")
        ->check(CLI::Range(0.0, 10.0))
        ->capture_default_str();
    command->add_option("--folds", options->folds, "Parts of the photos, each held out once")
        ->check(CLI::Range(2, 100))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Of the folds and of all draws")->capture_default_str();
    command->add_flag("--full-precision", options->full_precision, "Store 32-bit numbers");
    command->add_flag("--cross-validate,!--no-cross-validate", options->cross_validate,
                      "Show held-out metrics");
    add_train_network_options(*command, options->deep);
    add_run_options(*command, options->jobs, options->quiet);
    command->add_option("--device", options->network.model.device, "auto, cpu, cuda or cuda:N");
    command->callback([options, run] { run(*options); });
}

int run_train_generic(const TrainGenericOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] { return train(options, out, err); });
}

}  // namespace piaa::cli
