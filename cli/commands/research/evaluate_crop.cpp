#include "commands/research/evaluate_crop.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <ostream>
#include <random>

#include <CLI/CLI.hpp>

#include <piaa/csv.h>
#include <piaa/error.h>
#include <piaa/research/crop_metrics.h>

#include "commands/research/evaluate_crop_taste.h"
#include "console/exit_code.h"
#include "crops/image_crop.h"
#include "report/metric_table.h"
#include "run/photo_options.h"
#include "run/photo_run.h"
#include "run/scorer.h"

namespace piaa::cli {
namespace {

constexpr double reference_share = 0.85;  // the centre crop to beat

/// What people said of the crops of one photo.
struct BoxedPhoto {
    std::vector<PixelBox> boxes;
    std::vector<double> scores;  ///< of each box; empty where people drew the boxes

    /// One box cannot be put in order, whatever its score.
    bool is_grid() const { return boxes.size() > 1 && scores.size() == boxes.size(); }
};

std::map<std::string, BoxedPhoto> read_boxes(const boost::filesystem::path& file) {
    const CsvTable table = read_csv(file);
    const std::size_t image = table.column("image");
    const std::size_t sides[] = {table.column("x"), table.column("y"), table.column("w"), table.column("h")};
    const auto score = table.find_column("score");
    std::map<std::string, BoxedPhoto> photos;
    for (const auto& row : table.rows()) {
        int values[4];
        for (int i = 0; i < 4; ++i) values[i] = static_cast<int>(table.number(row, sides[i]));
        BoxedPhoto& photo = photos[row.fields[image]];
        photo.boxes.push_back({values[0], values[1], values[2], values[3]});
        if (score && !row.fields[*score].empty()) photo.scores.push_back(table.number(row, *score));
    }
    return photos;
}

/// The boxes that each method chose, photo by photo, and what people drew.
struct Comparison {
    std::map<std::string, std::vector<Box>> chosen;
    std::vector<std::vector<Box>> people;
    std::vector<std::string> files;
    std::vector<bool> left_alone;  ///< whether the whole frame was called the better answer
};

/// How well the crops of a scored grid are put in order.
struct GridMetrics {
    std::vector<double> srcc;
    std::vector<double> accuracy5;
    std::vector<double> accuracy10;

    void add(const std::vector<double>& predicted, const std::vector<double>& given) {
        srcc.push_back(spearman(predicted, given));
        for (const std::size_t n : {5U, 10U}) {
            double sum = 0;
            for (std::size_t k = 1; k <= 4; ++k) sum += top_accuracy(predicted, given, k, n);
            (n == 5 ? accuracy5 : accuracy10).push_back(sum / 4);
        }
    }
};

Metric mean_of(const std::string& name, const std::vector<double>& values) {
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    const double mean = sum / static_cast<double>(values.size());
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return {name, mean, {*low, *high}};
}

Box random_box(std::mt19937_64& random, double share) {
    const auto unit = [&random] { return static_cast<double>(random() >> 11) / 9007199254740992.0; };
    const double x = unit() * (1 - share);
    const double y = unit() * (1 - share);
    return {x, y, share, share};
}

void choose_baselines(Comparison& comparison, const std::string& file, Size photo, std::mt19937_64& random) {
    auto& chosen = comparison.chosen;
    chosen["whole frame"].push_back({});
    for (const int percent : {90, 85, 80})
        chosen["centre " + std::to_string(percent) + " %"].push_back(centre_box(percent / 100.0));
    chosen["random 80 %"].push_back(random_box(random, 0.8));
    for (const int percent : {90, 80}) {
        const std::string share = " " + std::to_string(percent) + " %";
        const double side = percent / 100.0;
        chosen["libvips attention" + share].push_back(
            normalized(smart_crop(file, side, SmartCrop::attention), photo));
        chosen["libvips entropy" + share].push_back(
            normalized(smart_crop(file, side, SmartCrop::entropy), photo));
    }
}

/// The photos that were, or were not, called better as they are: how many, what people's boxes say of the
/// whole frame there, and what the crop gains over it.
void add_leave_it(std::vector<MetricRow>& rows, const Comparison& comparison, bool left) {
    std::vector<Box> crops;
    std::vector<std::vector<Box>> people;
    for (std::size_t i = 0; i < comparison.people.size(); ++i) {
        if (comparison.left_alone[i] != left) continue;
        crops.push_back(comparison.chosen.at("piaa")[i]);
        people.push_back(comparison.people[i]);
    }
    MetricRow row{left ? "whole frame, where leave_it" : "whole frame, elsewhere", {}};
    const auto count = static_cast<double>(crops.size());
    row.metrics.push_back({"photos", count, {count, count}});
    if (!crops.empty()) {
        const std::vector<Box> whole(crops.size());
        row.metrics.push_back(box_metrics(whole, people, whole).front());
        const auto against_whole = box_metrics(crops, people, whole);
        row.metrics.push_back({"crop_gain", against_whole.back().value, against_whole.back().interval});
    }
    rows.push_back(std::move(row));
}

/// The people to whose taste crops are found beside those for nobody in particular.
std::vector<Scorer> scorers_of(const EvaluateCropOptions& options, const Model& model) {
    std::vector<Scorer> people;
    for (const auto& user : options.users) {
        people.emplace_back(ScorerOptions{options.model, options.device, user, options.prior});
        if (people.back().model().info().hash != model.info().hash)
            throw Error(ErrorCode::bad_argument,
                        user.string() + ": was learned on another model than " + model.info().name);
    }
    return people;
}

std::vector<MetricRow> rows_of(const Comparison& comparison, const GridMetrics& grids) {
    std::vector<MetricRow> rows;
    if (!comparison.people.empty()) {
        const std::vector<Box> reference(comparison.people.size(), centre_box(reference_share));
        for (const auto& [method, boxes] : comparison.chosen)
            rows.push_back({method, box_metrics(boxes, comparison.people, reference)});
        std::stable_sort(rows.begin(), rows.end(), [](const MetricRow& a, const MetricRow& b) {
            return a.metrics.front().value > b.metrics.front().value;
        });
        rows.push_back({"one person against the others", people_metrics(comparison.people)});
        for (const bool left : {true, false}) add_leave_it(rows, comparison, left);
    }
    if (!grids.srcc.empty())
        rows.push_back({"scored grids (" + std::to_string(grids.srcc.size()) + " photos, lowest and highest)",
                        {mean_of("srcc", grids.srcc), mean_of("acc_5", grids.accuracy5),
                         mean_of("acc_10", grids.accuracy10)}});
    return rows;
}

int evaluate(const EvaluateCropOptions& options, std::ostream& out, std::ostream& err) {
    const Model model = load_chosen_model(options.model, options.device);
    const auto photos = read_boxes(options.crops);
    PhotoRunOptions run;
    run.jobs = options.jobs;
    run.keep_maps = true;
    run.quiet = options.quiet;
    run.terminal = options.terminal;
    std::map<std::string, const BoxedPhoto*> by_path;
    for (const auto& [name, photo] : photos) {
        run.paths.push_back((options.images / name).string());
        by_path[run.paths.back()] = &photo;
    }

    Comparison comparison;
    GridMetrics grids;
    const std::vector<Scorer> people = scorers_of(options, model);
    std::mt19937_64 random(options.seed);
    const PhotoRunSummary summary = run_photos(
        model, run, err, {[&](PhotoResult&& result) {
            const Features& features = result.features;
            const std::string file = result.photo.file.string();
            const BoxedPhoto& photo = *by_path.at(file);
            std::vector<Box> boxes;
            for (const PixelBox& box : photo.boxes) boxes.push_back(normalized(box, features.photo));
            if (photo.is_grid()) {
                grids.add(rate_crops(model, features, boxes), photo.scores);
                return;
            }
            const CropResult crops = find_crops(model, features, {.count = 1});
            comparison.chosen["piaa"].push_back(normalized(crops.crops.front().box, features.photo));
            comparison.left_alone.push_back(crops.leave_it);
            for (std::size_t i = 0; i < people.size(); ++i) {
                const CropOptions personal{.count = 1,
                                           .taste = people[i].crop_taste(features),
                                           .judge = people[i].crop_judge(features)};
                const CropResult own = find_crops(model, features, personal);
                comparison.chosen["piaa, to the taste of " + options.users[i].string()].push_back(
                    normalized(own.crops.front().box, features.photo));
            }
            comparison.people.push_back(std::move(boxes));
            choose_baselines(comparison, file, features.photo, random);
        }});

    write_metrics(options.output, options.json, rows_of(comparison, grids), out);
    return summary.exit_code();
}

}  // namespace

void add_evaluate_crop(CLI::App& evaluate, std::function<void(const EvaluateCropOptions&)> run) {
    auto* command = evaluate.add_subcommand("crop", "How well crops agree with those that people drew");
    auto options = std::make_shared<EvaluateCropOptions>();
    options->terminal = find_terminal();
    add_path_option(*command, "--images", options->images, "Folder of the photos", "DIR")->required();
    auto* crops = add_path_option(*command, "--crops", options->crops,
                                  "CSV: image,x,y,w,h in pixels; with a column score for scored grids");
    auto* user = command
                     ->add_option_function<std::vector<std::string>>(
                         "--user",
                         [options](const std::vector<std::string>& files) {
                             for (const std::string& file : files) options->users.emplace_back(file);
                         },
                         "A profile: whether crops to this person's taste are better to them, or with "
                         "--crops how well they "
                         "agree with people's boxes; repeatable")
                     ->allow_extra_args(false)
                     ->type_name("PROFILE");
    add_path_option(*command, "--prior", options->prior, "The prior that the profiles were learned with")
        ->needs(user);
    command->parse_complete_callback([crops, user] {
        if (crops->count() + user->count() == 0) throw CLI::RequiredError("--crops or --user");
    });
    add_model_options(*command, options->model, options->device);
    command->add_option("--seed", options->seed, "Of the random crops")->capture_default_str();
    add_answer_format(*command, options->json);
    add_path_option(*command, "--output,-o", options->output, "Write to this file");
    add_run_options(*command, options->jobs, options->quiet);
    command->callback([options, run] { run(*options); });
}

int run_evaluate_crop(const EvaluateCropOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&] {
        return !options.crops.empty() ? evaluate(options, out, err) : evaluate_crop_taste(options, out, err);
    });
}

}  // namespace piaa::cli
