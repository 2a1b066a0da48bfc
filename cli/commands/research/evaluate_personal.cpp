#include "commands/research/evaluate_personal.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/meta_start.h>
#include <piaa/piaa.h>

#include "commands/research/evaluate_teaching.h"
#include "console/escape.h"
#include "console/exit_code.h"
#include "console/output.h"
#include "feedback/rating_dataset.h"
#include "limits/interrupt.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    if (std::isnan(value)) return nullptr;
    return std::round(value * 1e6) / 1e6;
}

Json record_of(const PersonalMetrics& metrics) {
    Json record{{"method", metrics.method},
                {"k", metrics.learned_from},
                {"srocc", number(metrics.srocc)},
                {"srocc_low", number(metrics.srocc_interval.low)},
                {"srocc_high", number(metrics.srocc_interval.high)},
                {"gain", number(metrics.gain)},
                {"gain_low", number(metrics.gain_interval.low)},
                {"gain_high", number(metrics.gain_interval.high)},
                {"plcc", number(metrics.plcc)},
                {"pair_accuracy", number(metrics.pair_accuracy)},
                {"ndcg_10", number(metrics.ndcg)},
                {"raters", metrics.people},
                {"undefined", metrics.undefined},
                {"worse_share", number(metrics.worse_share)},
                {"much_worse_share", number(metrics.much_worse_share)},
                {"worst_tenth", number(metrics.worst_tenth)}};
    if (metrics.coverage) record["coverage_90"] = number(*metrics.coverage);
    if (metrics.gain_by_trust) {
        record["gain_by_trust"] = Json::array();
        for (const double gain : *metrics.gain_by_trust) record["gain_by_trust"].push_back(number(gain));
    }
    return record;
}

/// The metrics and all it takes to make them again.
Json report_of(const EvaluatePersonalOptions& options, const Model& model, const Prior& prior,
               const PersonalEvaluation& evaluation, std::size_t photos, std::size_t seen) {
    Json report{{"protocol", options.protocol},
                {"asked", options.evaluation.asked == AskedPhotos::chosen ? "chosen" : "random"},
                {"repeats", options.evaluation.repeats},
                {"seed", options.evaluation.seed},
                {"model", model.info().name},
                {"model_hash", model.info().hash},
                {"prior_hash", prior.hash()},
                {"version", version()},
                {"photos", photos},
                {"photos_seen_in_training", seen},
                {"undefined_raters", evaluation.undefined},
                {"raters_with_too_few_ratings", evaluation.too_few},
                {"results", Json::array()}};
    for (const auto& metrics : evaluation.metrics) report["results"].push_back(record_of(metrics));
    return report;
}

std::string with_interval(double value, const Interval& interval, bool sign) {
    if (std::isnan(value)) return "-";
    if (sign) return fmt::format("{:+.3f} [{:+.3f}, {:+.3f}]", value, interval.low, interval.high);
    return fmt::format("{:.3f} [{:.3f}, {:.3f}]", value, interval.low, interval.high);
}

void write_table(std::ostream& out, const PersonalEvaluation& evaluation) {
    out << fmt::format("{:<13} {:>4}  {:<22}  {:<25} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6}\n",
                       "method", "k", "srocc", "gain over generic", "plcc", "pairs", "ndcg", "worse", "by.02",
                       "tenth", "raters", "cover");
    for (const auto& f : evaluation.metrics)
        out << fmt::format(
            "{:<13} {:4}  {:<22}  {:<25} {:6.3f} {:6.3f} {:6.3f} {:6.3f} {:6.3f} {:+6.3f} {:6} {:>6}\n",
            f.method, f.learned_from, with_interval(f.srocc, f.srocc_interval, false),
            with_interval(f.gain, f.gain_interval, true), f.plcc, f.pair_accuracy, f.ndcg, f.worse_share,
            f.much_worse_share, f.worst_tenth, f.people,
            f.coverage ? fmt::format("{:.3f}", *f.coverage) : "-");
    for (const auto& f : evaluation.metrics) {
        if (!f.gain_by_trust || f.learned_from == 0) continue;
        const auto& thirds = *f.gain_by_trust;
        out << fmt::format("{}, k {}: gain {:+.3f} at least trust, {:+.3f}, {:+.3f} at most\n", f.method,
                           f.learned_from, thirds[0], thirds[1], thirds[2]);
    }
    const auto names = [&](const std::vector<std::string>& people, const char* what) {
        if (people.empty()) return;
        out << people.size() << ' ' << what << ':';
        for (const auto& person : people) out << ' ' << printable(person);
        out << '\n';
    };
    names(evaluation.undefined, "people have no defined rank correlation (constant ratings)");
    names(evaluation.too_few, "people have too few ratings and are left out");
}

int compare_ways_of_asking(const EvaluatePersonalOptions& options, const Prior& prior,
                           const RatingDataset& data, std::ostream& out) {
    const PersonalEvaluationOptions& asked = options.evaluation;
    TeachingEvaluationOptions teaching{.repeats = asked.repeats,
                                       .seed = asked.seed,
                                       .most_raters = asked.most_raters,
                                       .progress = [](double) { return !InterruptGuard::interrupted(); }};
    const auto metrics = options.liked ? evaluate_liked(prior, data.rows, data.ratings, teaching)
                                       : evaluate_teaching(prior, data.rows, data.ratings, teaching);
    Output output(options.output, out);
    if (options.json)
        output.stream() << Json{{"asked", options.liked ? "liked" : "teach"},
                                {"results", teaching_records(metrics)}}
                               .dump(2)
                        << '\n';
    else
        write_teaching_table(output.stream(), metrics);
    output.complete();
    return done;
}

/// How many of the photos the prior was trained on. Throws Error(bad_data) unless they are allowed.
std::size_t count_seen(const Prior& prior, const RatingDataset& data, bool allowed) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < data.content_ids.size(); ++i) {
        if (!prior.has_seen(data.content_ids[i])) continue;
        if (++seen == 1 && !allowed)
            throw Error(ErrorCode::bad_data, data.ratings.images()[i] +
                                                 ": the prior was trained on this photo, so metrics on it "
                                                 "would flatter; choose others, or say --allow-seen");
    }
    return seen;
}

/// The methods that look at photos by a prior of their own, and that.
struct OtherMethods {
    std::vector<std::string> names;
    std::vector<Prior> priors;
};

/// Measures all methods on the same draws: the seed is the same, and each gain is over one generic score.
PersonalEvaluation evaluate_methods(const Prior& prior, const OtherMethods& others, const RatingDataset& data,
                                    PersonalEvaluationOptions evaluation) {
    PersonalEvaluation result;
    if (!evaluation.methods.empty()) result = evaluate_personal(prior, data.rows, data.ratings, evaluation);
    for (std::size_t i = 0; i < others.names.size(); ++i) {
        if (!result.metrics.empty()) evaluation.photo_methods.clear();  // measured already
        evaluation.methods = {others.names[i]};
        evaluation.reference = data.generic;
        PersonalEvaluation one =
            evaluate_personal(others.priors[i], data.other_rows[i], data.ratings, evaluation);
        if (result.metrics.empty())
            result = std::move(one);
        else
            result.metrics.insert(result.metrics.end(), one.metrics.begin(), one.metrics.end());
    }
    return result;
}

int evaluate(const EvaluatePersonalOptions& options, std::ostream& out, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    const Prior prior = options.prior.empty() ? load_prior(model) : load_prior(options.prior);
    PersonalEvaluationOptions evaluation = options.evaluation;
    /// Whether the method's own weights are there; without --methods one that has none is left out.
    const auto has_weights = [&](const std::string& method, const auto& load) {
        const auto found = std::find(evaluation.methods.begin(), evaluation.methods.end(), method);
        if (found == evaluation.methods.end()) return false;
        try {
            load();
            return true;
        } catch (const Error& error) {
            if (!options.all_methods || error.code() != ErrorCode::bad_model) throw;
            err << "piaa-batch: method " << method << " is left out: " << printable(error.what()) << '\n';
            evaluation.methods.erase(found);
            return false;
        }
    };
    has_weights("blg", [&] {
        evaluation.start = options.blg.empty() ? load_blg(prior) : load_blg(options.blg, prior);
    });

    const FeatureRun run{options.jobs, options.quiet, options.terminal, &err, options.cache};
    OtherMethods others;
    for (const auto& [method, file] :
         {std::pair(std::string("pa"), options.pa), {"pa-image", options.pa}, {"mt", options.mt}})
        if (has_weights(method, [&, method = method, file = file] {
                others.priors.push_back(file.empty() ? load_prior(model, method) : load_prior(file));
            })) {
            others.names.push_back(method);
            std::erase(evaluation.methods, method);
        }
    const RatingDataset data = read_rating_dataset(model, prior, options.rated, run, others.priors);
    const std::size_t seen = count_seen(prior, data, options.allow_seen);
    evaluation.photo_methods =
        network_methods(options.networks, options.blg_network, model, data.ratings.scale(),
                        options.rated.images, data.ratings.images(), run);
    const InterruptGuard guard;
    evaluation.progress = [](double) { return !InterruptGuard::interrupted(); };
    if (options.teach || options.liked) return compare_ways_of_asking(options, prior, data, out);
    const PersonalEvaluation result = evaluate_methods(prior, others, data, evaluation);
    Output output(options.output, out);
    if (options.json)
        output.stream() << report_of(options, model, prior, result, data.rows.size(), seen).dump(2) << '\n';
    else
        write_table(output.stream(), result);
    if (!options.json && seen > 0)
        output.stream() << seen << " of the photos were seen in training: these metrics flatter\n";
    output.complete();
    return done;
}

void add_network_options(CLI::App& command, EvaluatePersonalOptions& options) {
    add_personal_networks_options(command, options.networks);
    PersonalNetworkOptions& network = options.networks.network;
    command.add_option("--network-steps", network.steps, "Steps of Adam per person, with --trainable")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--backbone-rate", network.backbone_rate, "Of those steps")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--head-rate", network.head_rate, "Of those steps")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_flag("--faithful", network.as_published, "The network of --blg-network is the authors'");
    add_path_option(command, "--blg-network", options.blg_network,
                    "What train blg --trainable PART wrote: adds the row blg-PART");
}

/// Whom and which photos the methods are tried on.
void add_draw_options(CLI::App& command, EvaluatePersonalOptions& options) {
    PersonalEvaluationOptions& evaluation = options.evaluation;
    command.add_option("--raters", evaluation.most_raters, "Evaluate a sample of so many people; 0 for all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--repeats", evaluation.repeats, "Draws of the ratings to learn from")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command.add_option("--seed", evaluation.seed, "Of these draws")->capture_default_str();
    command
        .add_option_function<std::string>(
            "--protocol", [&options](const std::string& protocol) { options.protocol = protocol; },
            "rest: test on all photos not learned from; fixed: on the same photos for every k; flickr-aes, "
            "para: as published, the data set's test people, k 10 and 100, the rest tested, ten repeats")
        ->check(CLI::IsMember({"rest", "fixed", "flickr-aes", "para"}));
    command
        .add_option_function<std::string>(
            "--asked",
            [&options](const std::string& asked) {
                options.evaluation.asked = asked == "chosen" ? AskedPhotos::chosen : AskedPhotos::random;
                options.teach = asked == "teach";
                options.liked = asked == "liked";
            },
            "random: learn from photos drawn at random; chosen: first from those that tell most, as suggest "
            "chooses them; teach: compare stars, pairs and orders as teach asks them, by the method auto; "
            "liked: compare stars "
            "with a choice of the best fifth, as adapt --liked takes it")
        ->check(CLI::IsMember({"random", "chosen", "teach", "liked"}));
    command.add_flag("--allow-seen", options.allow_seen,
                     "Evaluate on photos of the training too, and say so");
}

}  // namespace

void add_evaluate_personal(CLI::App& evaluate, std::function<void(const EvaluatePersonalOptions&)> run) {
    auto* command = evaluate.add_subcommand("personal", "How well methods learn people they have not met");
    auto options = std::make_shared<EvaluatePersonalOptions>();
    options->terminal = find_terminal();
    PersonalEvaluationOptions& evaluation = options->evaluation;
    evaluation.methods = adapt_methods();
    add_rated_photos_options(*command, options->rated);
    add_model_options(*command, options->model, options->device);
    add_path_option(*command, "--prior", options->prior, "The prior to use; the model's own if not given");
    add_path_option(*command, "--blg", options->blg, "Meta-learned weights for the method blg");
    add_path_option(*command, "--pa", options->pa,
                    "The prior for the method pa; the shipped one if not given");
    add_path_option(*command, "--mt", options->mt,
                    "The prior for the method mt; the shipped one if not given");
    add_path_option(*command, "--output,-o", options->output, "Write to this file");
    auto* methods = command->add_option("--methods", evaluation.methods, "The methods to compare")
                        ->delimiter(',')
                        ->check(CLI::IsMember(adapt_methods()))
                        ->capture_default_str();
    auto* k = command->add_option("--k", evaluation.learned_from, "How many ratings to learn from")
                  ->delimiter(',')
                  ->check(CLI::NonNegativeNumber)
                  ->capture_default_str();
    add_network_options(*command, *options);
    add_draw_options(*command, *options);
    add_answer_format(*command, options->json);
    add_cache_options(*command, options->cache);
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, k, methods, run] {
        options->all_methods = methods->count() == 0;
        PersonalEvaluationOptions& chosen = options->evaluation;
        if (options->protocol == "fixed") chosen.test = TestPhotos::fixed;
        if (options->protocol == "flickr-aes" || options->protocol == "para") {
            options->rated.layout = options->protocol;
            options->rated.tested_people_only = true;
            if (k->count() == 0) chosen.learned_from = {10, 100};
        }
        run(*options);
    });
}

int run_evaluate_personal(const EvaluatePersonalOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] { return evaluate(options, out, err); });
}

}  // namespace piaa::cli
