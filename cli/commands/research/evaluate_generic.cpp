#include "commands/research/evaluate_generic.h"

#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>

#include <piaa/error.h>
#include <piaa/prior.h>
#include <piaa/research/conventional.h>
#include <piaa/research/generic_metrics.h>
#include <piaa/research/train.h>
#include <piaa/research/train_pa.h>

#include "console/exit_code.h"
#include "photos/image_file.h"
#include "report/metric_table.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

/// Rated photos as a network sees them.
struct SeenPhotos {
    RatedPhotos photos;
    RatingsTable ratings;
    RatingForm form;
};

SeenPhotos see(const Model& model, const RatedPhotosOptions& options, int bins, const FeatureRun& run) {
    const auto rated = read_rated_photos(options);
    auto seen = read_features(model, options.images, rated.ratings.images(), run);
    auto known = ratings_of(rated, seen);
    SeenPhotos result{{}, std::move(known.ratings), known.form};
    for (auto& one : seen) result.photos.features.push_back(std::move(one.features));
    result.photos.ratings = result.ratings.image_distributions(bins);
    result.photos.groups = std::move(known.groups);
    return result;
}

std::vector<double> means_of(const std::vector<ScoreDistribution>& distributions) {
    std::vector<double> means;
    for (const auto& distribution : distributions) means.push_back(distribution.mean());
    return means;
}

/// The constant answer: how all training photos together were rated.
ScoreDistribution average(const std::vector<ScoreDistribution>& distributions) {
    std::vector<double> sum(distributions.front().probabilities().size());
    for (const auto& one : distributions)
        for (std::size_t k = 0; k < sum.size(); ++k)
            sum[k] += one.probabilities()[k] / static_cast<double>(distributions.size());
    return {distributions.front().low(), distributions.front().high(), std::move(sum)};
}

struct Baseline {
    std::string name;
    FeatureChoice features;
};

/// The simple ways that a network with these pooled stages has to beat, by plain ridge regression.
std::vector<Baseline> baselines(int stage_count) {
    const std::vector<double> alike(static_cast<std::size_t>(stage_count), 1.0);
    return {{"colour and composition by formula", {{-1}, alike, false, false, true}},
            {"top layer", {{stage_count - 1}, alike, true, false, false}},
            {"means and deviations of all depths", {{}, alike, true, true, false}}};
}

/// Metrics of a baseline, and the gain of the model over it.
MetricRow baseline_row(const std::string& name, const std::vector<ScoreDistribution>& predicted,
                       const std::vector<double>& model_means, const SeenPhotos& test) {
    MetricRow row{name, generic_metrics(predicted, test.ratings, {}, test.form)};
    Metric gain = srocc_difference(model_means, means_of(predicted), test.ratings.image_means());
    gain.name = "gain_of_model";
    row.metrics.push_back(std::move(gain));
    return row;
}

/// The photos whose group no training photo has.
MetricRow unseen_groups_row(const std::vector<ScoreDistribution>& predicted, const SeenPhotos& test,
                            const std::vector<std::string>& training_groups) {
    const std::set<std::string> seen(training_groups.begin(), training_groups.end());
    std::set<std::string> names;
    std::vector<ScoreDistribution> kept;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        if (seen.count(test.photos.groups[i]) > 0) continue;
        names.insert(test.ratings.images()[i]);
        kept.push_back(predicted[i]);
    }
    if (kept.empty()) return {"model, photos of unseen groups (0)", {}};
    const auto ratings = test.ratings.of_images([&](const auto& image) { return names.count(image) > 0; });
    return {"model, photos of unseen groups (" + std::to_string(kept.size()) + ")",
            generic_metrics(kept, ratings, {}, test.form)};
}

/// Photos as the conventional route sees them, each at most this many pixels a side.
std::vector<ConventionalPhoto> describe(const boost::filesystem::path& folder, const RatingsTable& ratings) {
    constexpr int longest = 500;
    std::vector<ConventionalPhoto> photos;
    for (const auto& name : ratings.images()) {
        Image image = read_full_image(photo_file(folder, name));
        const int side = std::max(image.width(), image.height());
        if (side > longest)
            image = resized(image, {std::max(1, image.width() * longest / side),
                                    std::max(1, image.height() * longest / side)});
        photos.push_back(describe_conventionally(image));
    }
    return photos;
}

/// The conventional route's rows, and what its handcrafted features count for. Its machines answer with a
/// number; around it ratings are thought to spread as they do on average.
void add_conventional(const RatedPhotosOptions& rated, const SeenPhotos& training, const SeenPhotos& test,
                      const std::vector<double>& model_means, int bins, std::vector<MetricRow>& rows) {
    const auto learned = describe(rated.images, training.ratings);
    const auto asked = describe(rated.images, test.ratings);
    const auto ratings = training.ratings.image_means();
    const RatingScale& scale = training.ratings.scale();
    double spread = 0;
    for (const auto& one : training.photos.ratings)
        spread += one.spread() / static_cast<double>(training.photos.ratings.size());
    for (const auto& answer : predict_conventionally(learned, ratings, asked)) {
        std::vector<ScoreDistribution> predicted;
        for (const double rating : answer.ratings)
            predicted.push_back(
                ScoreDistribution::truncated_normal_with_mean(scale.low, scale.high, bins, rating, spread));
        rows.push_back(baseline_row(answer.name, predicted, model_means, test));
    }
    MetricRow effects{"handcrafted features, rating points a deviation (linear machine)", {}};
    const auto found = explain_conventionally(learned, ratings);
    for (std::size_t a = 0; a < attribute_count; ++a)
        effects.metrics.push_back(
            {std::string(attribute_name(static_cast<Attribute>(a))), found[a], {found[a], found[a]}});
    rows.push_back(std::move(effects));
}

int evaluate(const EvaluateGenericOptions& options, std::ostream& out, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    const auto& info = model.info();
    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    RatedPhotosOptions rated = options.rated;

    // The baselines' network is the model's, with every stage pooled; the model itself sees its own stages.
    const int bins = static_cast<int>(info.scale_high - info.scale_low) + 1;
    const SeenPhotos own = see(model, rated, bins, run);
    std::vector<ScoreDistribution> predicted;
    for (const auto& photo : own.photos.features) predicted.push_back(predict_ratings(model, photo));
    std::vector<MetricRow> rows{
        {"model " + info.name, generic_metrics(predicted, own.ratings, {}, own.form)}};

    for (const auto& file : options.style) {
        const Prior prior = load_prior(file);
        std::vector<ScoreDistribution> style;
        for (const auto& photo : own.photos.features)
            style.push_back(style_ratings(prior, photo, info.scale_low, info.scale_high));
        rows.push_back(
            baseline_row("aesthetic head of " + file.filename().string(), style, means_of(predicted), own));
    }
    if (!options.train_only.empty()) {
        const Model network = load_network(info.file, {options.device});
        RatedPhotosOptions training_options = rated;
        training_options.only = options.train_only;
        const SeenPhotos training = see(network, training_options, bins, run);
        const SeenPhotos test = see(network, rated, bins, run);
        if (!rated.group_column.empty())
            rows.push_back(unseen_groups_row(predicted, own, training.photos.groups));
        const auto model_means = means_of(predicted);
        for (const auto& baseline : baselines(pooled_stage_count(network))) {
            HeadOptions head;
            head.features = baseline.features;
            const auto others = predict_others(network, training.photos, test.photos.features, {}, head);
            rows.push_back(baseline_row(baseline.name, others, model_means, own));
        }
        if (options.conventional) add_conventional(rated, training, test, model_means, bins, rows);
        const std::vector<ScoreDistribution> constant(predicted.size(), average(training.photos.ratings));
        rows.push_back({"constant", generic_metrics(constant, own.ratings, {}, own.form)});
    }
    write_metrics(options.output, options.json, rows, out);
    return done;
}

}  // namespace

void add_evaluate_generic(CLI::App& evaluate, std::function<void(const EvaluateGenericOptions&)> run) {
    auto* command = evaluate.add_subcommand("generic", "How well a model agrees with many people's ratings");
    auto options = std::make_shared<EvaluateGenericOptions>();
    options->terminal = find_terminal();
    add_rated_photos_options(*command, options->rated);
    add_model_options(*command, options->model, options->device);
    command->add_option("--train-only", options->train_only,
                        "Photos that baselines learn from, COLUMN=VALUE,VALUE; none if not given");
    command
        ->add_option_function<std::string>(
            "--protocol",
            [options](const std::string& name) {
                options->rated.layout = name;
                options->rated.only = "part=test";
            },
            "A data set's published test: --layout and --only part=test in one")
        ->check(CLI::IsMember({"aadb", "ava", "flickr-aes", "para"}));
    command->add_flag(
        "--conventional", options->conventional,
        "Baselines from before deep networks too: support vectors on handcrafted features, SIFT");
    command
        ->add_option_function<std::vector<std::string>>(
            "--style",
            [options](const std::vector<std::string>& files) {
                options->style.assign(files.begin(), files.end());
            },
            "Priors of train pa or mt, whose aesthetic heads are measured too")
        ->type_name("FILE");
    add_answer_format(*command, options->json);
    add_path_option(*command, "--output,-o", options->output, "Write to this file");
    add_cache_options(*command, options->cache);
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

int run_evaluate_generic(const EvaluateGenericOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] { return evaluate(options, out, err); });
}

}  // namespace piaa::cli
