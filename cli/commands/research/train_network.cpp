#include "commands/research/train_network.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/attributes.h>
#include <piaa/csv.h>
#include <piaa/error.h>
#include <piaa/folds.h>
#include <piaa/research/generic_metrics.h>

#include "commands/research/train_generic.h"
#include "console/escape.h"
#include "console/output.h"
#include "console/progress_bar.h"
#include "limits/interrupt.h"
#include "photos/image_file.h"
#include "report/metric_table.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What tables say of the photos beside ratings, in the order of the rated photos.
struct Auxiliary {
    std::vector<std::vector<float>> attributes;
    std::vector<int> categories;
    int category_count = 0;
};

std::vector<float> standard_attributes(const Features& features) {
    const AttributeNorms& norms = attribute_norms();
    std::vector<float> row;
    for (std::size_t i = 0; i < attribute_count; ++i)
        row.push_back((features.attributes[i] - norms.mean[i]) / norms.deviation[i]);
    return row;
}

/// Each column of the rows gets mean 0 and deviation 1.
void standardise(std::vector<std::vector<float>>& rows) {
    for (std::size_t c = 0; !rows.empty() && c < rows.front().size(); ++c) {
        double sum = 0;
        double squares = 0;
        for (const auto& row : rows) {
            sum += row[c];
            squares += static_cast<double>(row[c]) * row[c];
        }
        const double mean = sum / static_cast<double>(rows.size());
        const double deviation =
            std::sqrt(std::max(1e-12, squares / static_cast<double>(rows.size()) - mean * mean));
        for (auto& row : rows) row[c] = static_cast<float>((row[c] - mean) / deviation);
    }
}

/// What the table of --groups says of the named photos. Throws for anything in options and table that does
/// not go together, so it is called once before photos are read.
Auxiliary read_auxiliary(const TrainGenericOptions& options, const std::vector<std::string>& names) {
    const TrainNetworkOptions& wanted = options.deep;
    Auxiliary result;
    if (wanted.training.category_weight > 0 && wanted.category_column.empty())
        throw Error(ErrorCode::bad_argument, "--category-weight needs --category-column");
    if (wanted.attribute_columns.empty() && wanted.category_column.empty()) return result;
    if (options.rated.groups.empty())
        throw Error(ErrorCode::bad_argument,
                    "--attribute-columns and --category-column need the table of --groups");
    const CsvTable table = read_csv(options.rated.groups);
    const std::size_t image = table.column("image");
    std::map<std::string, const CsvTable::Row*> rows;
    for (const auto& row : table.rows()) rows[row.fields[image]] = &row;
    std::map<std::string, int> categories;
    for (const auto& name : names) {
        const auto found = rows.find(name);
        if (found == rows.end())
            throw Error(ErrorCode::bad_data, options.rated.groups.string() + ": rated photo " + name +
                                                 " is missing from the table");
        if (!wanted.attribute_columns.empty()) {
            auto& row = result.attributes.emplace_back();
            for (const auto& column : wanted.attribute_columns)
                row.push_back(static_cast<float>(table.number(*found->second, table.column(column))));
        }
        if (!wanted.category_column.empty()) {
            const auto& category = found->second->fields[table.column(wanted.category_column)];
            const auto known = categories.emplace(category, static_cast<int>(categories.size())).first;
            result.categories.push_back(known->second);
        }
    }
    standardise(result.attributes);
    result.category_count = static_cast<int>(categories.size());
    return result;
}

RatedPhotos part_of(const RatedPhotos& photos, const std::vector<bool>& held_out) {
    RatedPhotos part;
    for (std::size_t i = 0; i < held_out.size(); ++i) {
        if (held_out[i]) continue;
        part.features.push_back(photos.features[i]);
        if (!photos.learned.empty()) part.learned.push_back(photos.learned[i]);
        part.ratings.push_back(photos.ratings[i]);
        part.groups.push_back(photos.groups[i]);
    }
    return part;
}

std::string epoch_line(const EpochMetrics& epoch) {
    if (std::isnan(epoch.held_out_srocc))
        return fmt::format("epoch {}: loss {:.6f}", epoch.epoch, epoch.loss);
    return fmt::format("epoch {}: loss {:.6f}, held out: srocc {:.4f}, emd {:.4f}", epoch.epoch, epoch.loss,
                       epoch.held_out_srocc, epoch.held_out_emd);
}

void write_report(const TrainGenericOptions& options, std::size_t learned, const MetricRow* before,
                  const MetricRow* after, const std::vector<EpochMetrics>& epochs) {
    const NetworkTrainingOptions& t = options.deep.training;
    Json report{{"photos", learned},
                {"backbone", options.backbone.filename().string()},
                {"trainable", t.trained == Trained::all    ? "all"
                              : t.trained == Trained::head ? "head"
                                                           : "last"},
                {"last_stages", t.last_stages},
                {"batch", t.batch},
                {"rates", {t.backbone_rate, t.head_rate}},
                {"rank_weight", t.rank_weight},
                {"attribute_weight", t.attribute_weight},
                {"category_weight", t.category_weight},
                {"views", t.views},
                {"seed", t.seed}};
    report["epochs"] = Json::array();
    for (const auto& epoch : epochs) {
        Json row{{"epoch", epoch.epoch}, {"loss", epoch.loss}};
        if (!std::isnan(epoch.held_out_srocc)) {
            row["srocc"] = epoch.held_out_srocc;
            row["emd2"] = epoch.held_out_emd;
        }
        report["epochs"].push_back(row);
    }
    for (const auto& [name, row] : {std::pair{"closed_form", before}, std::pair{"held_out", after}})
        if (row != nullptr)
            for (const auto& metric : row->metrics)
                report[name][metric.name] = {metric.value, metric.interval.low, metric.interval.high};
    std::ostringstream unused;
    Output file(options.report, unused);
    file.stream() << report.dump(2) << '\n';
    file.complete();
}

/// What is learned beside the ratings, and how much it counts.
void add_loss_options(CLI::App& command, TrainNetworkOptions& options) {
    NetworkTrainingOptions& t = options.training;
    command.add_option("--rank-weight", t.rank_weight, "Of a pairwise rank loss beside the distribution's")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--attribute-weight", t.attribute_weight, "Of learning attributes too (Kong)")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        .add_option("--attribute-columns", options.attribute_columns,
                    "Columns of --groups to learn as attributes; the hand-made ones if not given")
        ->delimiter(',');
    command.add_option("--category-weight", t.category_weight, "Of learning categories too (Kong, Kao)")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--category-column", options.category_column, "Column of --groups with the category");
}

/// The options of the training itself.
NetworkTrainingOptions training_of(const TrainGenericOptions& options) {
    NetworkTrainingOptions training = options.deep.training;
    training.trained = *options.deep.trained;
    training.seed = options.seed;
    training.threads =
        options.jobs > 0 ? options.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    if (!options.output.empty()) training.checkpoint = options.output.string() + ".checkpoint";
    return training;
}

/// The photos that are held out and could be read.
struct Measured {
    std::set<std::string> names;
    std::vector<Features> features;
};

/// Decodes the photos for the network. complete: whether all could be read.
Measured add_photos(const TrainGenericOptions& options, const Model& model, const RatedPhotos& photos,
                    const std::vector<std::string>& names, const Auxiliary& auxiliary,
                    const std::vector<bool>& held_out, NetworkTraining& network, bool& complete,
                    std::ostream& err) {
    Measured measured;
    ProgressBar bar(err, options.terminal.messages && !options.quiet, names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (InterruptGuard::interrupted()) throw Error(ErrorCode::cancelled, "interrupted before the end");
        TrainingTargets targets{photos.ratings[i], {}, -1};
        if (!auxiliary.attributes.empty()) targets.attributes = auxiliary.attributes[i];
        if (!auxiliary.categories.empty()) targets.category = auxiliary.categories[i];
        try {
            const auto decoded = read_image(photo_file(options.rated.images, names[i]),
                                            [&](Size photo) { return decode_size(model, photo); });
            network.add(decoded.image, targets, held_out[i]);
            if (held_out[i]) {
                measured.names.insert(names[i]);
                measured.features.push_back(photos.features[i]);
            }
        } catch (const Error& error) {
            if (error.code() != ErrorCode::io && error.code() != ErrorCode::bad_image) throw;
            complete = false;
            bar.clear();
            err << "piaa-batch: " << printable(error.what()) << std::endl;
        }
        bar.step();
    }
    return measured;
}

/// All epochs. After an interruption throws Error(cancelled), which says how to go on.
std::vector<EpochMetrics> run_epochs(const TrainGenericOptions& options,
                                     const NetworkTrainingOptions& training, std::size_t photos,
                                     NetworkTraining& network, std::ostream& err) {
    const auto batch = static_cast<std::size_t>(training.batch);
    const std::size_t steps = static_cast<std::size_t>(training.epochs) * ((photos + batch - 1) / batch);
    try {
        ProgressBar bar(err, options.terminal.messages && !options.quiet, steps);
        return network.run(
            [&](const EpochMetrics& epoch) {
                bar.clear();
                if (!options.quiet) err << epoch_line(epoch) << std::endl;
            },
            [&] {
                bar.step();
                return !InterruptGuard::interrupted();
            });
    } catch (const Error& error) {
        if (error.code() != ErrorCode::cancelled || training.checkpoint.empty() ||
            !boost::filesystem::exists(training.checkpoint))
            throw;
        throw Error(ErrorCode::cancelled, std::string(error.what()) + "; whole epochs are kept in " +
                                              training.checkpoint.string() + ", --resume goes on");
    }
}

}  // namespace

void add_train_network_options(CLI::App& command, TrainNetworkOptions& options) {
    NetworkTrainingOptions& t = options.training;
    add_loss_options(command, options);
    const std::map<std::string, Trained> parts{
        {"head", Trained::head}, {"last", Trained::last}, {"all", Trained::all}};
    command
        .add_option_function<std::string>(
            "--trainable", [&options, parts](const std::string& part) { options.trained = parts.at(part); },
            "Train this part of the network after the closed form: head, last or all")
        ->check(CLI::IsMember({"head", "last", "all"}));
    command.add_option("--last-stages", t.last_stages, "Stages that learn with --trainable last")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    command.add_option("--epochs", t.epochs, "Passes over all photos")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--batch", t.batch, "Photos per step")
        ->check(CLI::Range(2, 4096))
        ->capture_default_str();
    command.add_option("--backbone-rate", t.backbone_rate, "Learning rate of the stages that learn")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--head-rate", t.head_rate, "Learning rate of the head")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--rate-decay", t.rate_decay, "Of the rates, per epoch")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command
        .add_option_function<std::string>(
            "--optimiser", [&t](const std::string& name) { t.sgd = name == "sgd"; }, "adam or sgd")
        ->check(CLI::IsMember({"adam", "sgd"}));
    command.add_option("--momentum", t.momentum, "Of sgd")
        ->check(CLI::Range(0.0, 0.9999))
        ->capture_default_str();
    command.add_option("--weight-decay", t.weight_decay, "How strongly weights are drawn to zero")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_flag("--batch-statistics", t.batch_statistics, "Normalise by each batch; needs --squash");
    command.add_option("--views", t.views, "Views per photo: itself, mirrored, slightly cropped")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command.add_option("--jitter", t.jitter, "How much of a side a crop takes away at most")
        ->check(CLI::Range(0.0, 0.5))
        ->capture_default_str();
    command
        .add_option("--validation-fold", options.validation_fold,
                    "The fold that is held out and measured after each epoch; -1 learns from all photos")
        ->check(CLI::Range(-1, 99))
        ->capture_default_str();
    command.add_flag("--resume", t.resume, "Go on where an interrupted training stopped");
}

void check_train_network(const TrainGenericOptions& options) {
    if (!options.teacher.empty())
        throw Error(ErrorCode::bad_argument, "--teacher belongs to the closed form, without --trainable");
    if (options.deep.validation_fold >= options.folds)
        throw Error(ErrorCode::bad_argument, "--validation-fold is " +
                                                 std::to_string(options.deep.validation_fold) +
                                                 " and should be less than --folds");
    read_auxiliary(options, read_rated_photos(options.rated).ratings.images());
}

bool train_network(const TrainGenericOptions& options, const Model& model, const RatedPhotos& photos,
                   const RatingsTable& ratings, std::ostream& out, std::ostream& err) {
    const NetworkTrainingOptions training = training_of(options);
    const auto folds = make_folds(photos.groups, options.folds, options.seed);
    std::vector<bool> held_out;
    for (const int fold : folds) held_out.push_back(fold == options.deep.validation_fold);
    const RatedPhotos learned = part_of(photos, held_out);
    const HeadOptions head_options{options.features, options.folds, options.seed + 1};
    const GenericHead head = train_head(model, learned, {}, head_options);
    Auxiliary auxiliary = read_auxiliary(options, ratings.images());
    if (training.attribute_weight > 0 && options.deep.attribute_columns.empty())
        for (const Features& one : photos.features) auxiliary.attributes.push_back(standard_attributes(one));

    NetworkTraining network(model, head, training, auxiliary.category_count);
    const InterruptGuard guard;
    bool complete = true;
    const Measured measured =
        add_photos(options, model, photos, ratings.images(), auxiliary, held_out, network, complete, err);
    const auto epochs = run_epochs(options, training, learned.features.size(), network, err);

    std::optional<MetricRow> before;
    std::optional<MetricRow> after;
    if (measured.names.size() > 1) {
        const RatingsTable given =
            ratings.of_images([&](const std::string& image) { return measured.names.count(image) > 0; });
        before = MetricRow{
            "closed form",
            generic_metrics(predict_others(model, learned, measured.features, {}, head_options), given)};
        after = MetricRow{"trained", generic_metrics(network.predict_held_out(), given)};
        write_metric_table(out, {*before, *after});
    }
    if (!options.report.empty())
        write_report(options, learned.features.size(), before ? &*before : nullptr, after ? &*after : nullptr,
                     epochs);
    if (!options.output.empty()) {
        network.save(options.output, options.description, !options.full_precision);
        boost::system::error_code ignored;
        boost::filesystem::remove(training.checkpoint, ignored);
    }
    return complete;
}

}  // namespace piaa::cli
