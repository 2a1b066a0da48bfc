#include "commands/score_command.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "commands/photo_options.h"
#include "escape.h"
#include "output.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

std::string as_stars(const Json& stars) {
    std::string text;
    if (stars.is_number())
        for (int i = 0; i < stars.get<int>(); ++i) text += "\u2605";
    return text;
}

std::vector<Column> score_columns(bool personal, bool provenance) {
    std::vector<Column> columns = {{"path"}, {.name = "score", .width = 6}};
    if (personal) {
        columns.push_back({.name = "generic", .width = 7});
        columns.push_back({.name = "trust", .width = 5});
    }
    columns.push_back({.name = "spread", .width = 6});
    columns.push_back({.name = "stars", .width = 5, .show = as_stars});
    columns.push_back({.name = "flags", .width = 8});
    if (provenance) {
        for (const char* name : {"model", "model_hash"}) columns.push_back({name});
        if (personal) columns.push_back({"profile_hash"});
        columns.push_back({"version"});
    }
    return columns;
}

/// Six decimals: more than anybody needs, fewer than float arithmetic promises.
double rounded(double value) {
    return std::round(value * 1e6) / 1e6;
}

Json score_record(const PhotoResult& photo, const Score& score, bool personal) {
    Json record = {{"path", photo.photo.file.string()}, {"score", rounded(score.score)}};
    if (personal) {
        record["generic"] = rounded(score.generic);
        record["trust"] = rounded(score.trust);
    }
    record["spread"] = rounded(score.spread);
    record["stars"] = score.stars ? Json(*score.stars) : Json();
    record["flags"] = score.flags.names();
    return record;
}

/// Holds rows back until they are all there, for an order other than that of the paths.
class Ranking {
public:
    Ranking(std::size_t top, bool best_first) : top_(top), best_first_(best_first) {}

    void add(Json record) { records_.push_back(std::move(record)); }

    void write(Report& report) {
        const auto better = [](const Json& a, const Json& b) { return a["score"] > b["score"]; };
        const auto earlier = [](const Json& a, const Json& b) { return a["path"] < b["path"]; };
        std::stable_sort(records_.begin(), records_.end(), better);
        if (top_ > 0 && records_.size() > top_) records_.resize(top_);
        if (!best_first_) std::stable_sort(records_.begin(), records_.end(), earlier);
        for (const auto& record : records_) report.add(record);
        records_.clear();
    }

private:
    std::size_t top_;
    bool best_first_;
    std::vector<Json> records_;
};

int score_photos(const ScoreOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    const bool answers = reads_list(options.photos);
    const ScoreOrder order = options.order.value_or(options.top > 0 ? ScoreOrder::score : ScoreOrder::path);
    const bool ranked = order == ScoreOrder::score || options.top > 0;

    Output output(options.output, out);
    Report report(output.stream(), format, score_columns(scorer.is_personal(), options.provenance),
                  options.photos.terminal.output ? options.photos.terminal.columns : 0);
    Ranking ranking(options.top, order == ScoreOrder::score);
    const auto put = [&](Json record) {
        if (json || options.provenance) scorer.add_provenance(record);
        if (ranked) return ranking.add(std::move(record));
        report.add(record);
        output.flush();
    };

    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&& photo) {
        put(score_record(photo, scorer.score(photo.features), scorer.is_personal()));
    };
    // Whoever hands in paths one by one waits for an answer to each.
    if (answers && format == ReportFormat::jsonl && !ranked)
        handlers.failed = [&](const PhotoResult& photo) {
            put({{"path", photo.photo.file.string()}, {"error", photo.error->what()}});
        };
    const PhotoRunSummary summary = run_photos(scorer.model(), options.photos, err, handlers);
    ranking.write(report);
    report.finish();
    finish_output(output, summary, err);
    return summary.exit_code();
}

}  // namespace

void add_score_command(CLI::App& app, std::function<void(const ScoreOptions&)> run) {
    auto* command = app.add_subcommand("score", "Score photos: 1 to 10, best first with --sort score");
    auto options = std::make_shared<ScoreOptions>();
    add_photo_options(*command, options->photos);
    add_scorer_options(*command, options->scorer);
    add_report_options(*command, options->format, options->output);
    command->add_flag("--provenance", options->provenance, "Add the model and its hash to tables and CSV");
    command
        ->add_option_function<std::string>(
            "--sort",
            [options](const std::string& order) {
                options->order = order == "score" ? ScoreOrder::score : ScoreOrder::path;
            },
            "score (best first) or path")
        ->check(CLI::IsMember({"score", "path"}));
    command->add_option("--top", options->top, "Only the best N photos")->check(CLI::PositiveNumber);
    command->callback([options, run] { run(*options); });
}

int run_score(const ScoreOptions& options, std::ostream& out, std::ostream& err) {
    std::optional<Scorer> scorer;
    try {
        scorer.emplace(options.scorer);
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return cannot_start;
    }
    try {
        return score_photos(options, *scorer, out, err);
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return some_files_failed;
    }
}

}  // namespace piaa::cli
