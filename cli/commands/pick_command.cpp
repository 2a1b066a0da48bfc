#include "commands/pick_command.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "answers/photo_answers.h"
#include "changes/undo_log.h"
#include "console/escape.h"
#include "console/output.h"
#include "report/json_rows.h"
#include "report/score_row.h"
#include "run/mark_options.h"
#include "run/photo_options.h"
#include "run/pick_rows.h"
#include "shell/option_group.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

/// The choice into the sidecars of these photos. records: as `score` tells them, one for each photo. Returns
/// how many failed.
std::size_t write_choice(const PickOptions& options, const std::vector<Json>& records,
                         const std::vector<PickRow>& rows, PhotoRunSummary& summary, UndoLog& log,
                         std::ostream& err) {
    const UndoNotice notice(log, options.photos.quiet, err);
    XmpScoreOptions xmp = options.xmp;
    xmp.keep_scores = true;  // which knew of thresholds and people that nobody names to pick
    XmpScores sidecars(xmp, log, err);
    std::size_t failed = 0, left = 0;
    for (const auto& [photo, row] : rows) {
        if (summary.is_interrupted()) {
            ++left;
            continue;
        }
        Json record = records[photo];
        record["pick"] = row["pick"];
        try {
            sidecars.take(record);
        } catch (const Error& error) {
            ++failed;
            err << "piaa-batch: " << printable(error.what()) << '\n';
        }
    }
    sidecars.finish(err, options.photos.quiet);
    if (left > 0) say_rest_is_left(left, summary, err);
    return failed;
}

std::vector<Column> pick_columns(const PickOptions& options, bool personal) {
    std::vector<Column> columns = {{"path"}};
    if (options.photos.keys) columns.insert(columns.begin(), {"id"});
    if (options.cover == 0)
        for (const char* name : {"group", "kind", "pick", "relative"})
            columns.push_back({.name = name, .width = 8});
    columns.push_back({.name = "score", .width = 6});
    if (options.cover == 0) {
        columns.push_back({.name = "flags", .width = 8});
        columns.push_back({"reason"});
    }
    if (options.photos.failed_ok) columns.push_back({"error"});
    if (options.provenance)
        for (auto& column : provenance_columns(personal)) columns.push_back(std::move(column));
    return columns;
}

int pick_photos(const PickOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    UndoLog log(options.undo_log, "pick");
    PickCandidates all(scorer, options.photos);
    std::vector<Json> records;  // only where they are to be written
    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&& photo) {
        if (options.xmp.write) {
            records.push_back(score_record(photo.photo, photo.features.content_id,
                                           scorer.score(photo.features), scorer.is_personal()));
            scorer.add_provenance(records.back());
        }
        all.add(photo, photo.photo);
    };
    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    std::vector<Json> failed;
    if (answers_failures(options.photos, json))
        handlers.failed = [&](const PhotoResult& photo) {
            failed.push_back(explain_failure(scorer, photo.photo, photo.error->what()));
        };
    PhotoRunOptions photos = options.photos;
    photos.keep_subjects = true;
    PhotoRunSummary summary = run_photos(scorer.model(), photos, err, handlers);

    Output output(options.output, out);
    Report report(output.stream(), format, pick_columns(options, scorer.is_personal()),
                  terminal_columns(options.photos.terminal, options.output));
    auto rows = options.cover > 0 ? all.cover(options.cover) : all.groups();
    if (options.xmp.write && !nothing_is_done(summary, err))
        summary.failed += write_choice(options, records, rows, summary, log, err);
    for (auto& [photo, row] : rows) {
        if (json || options.provenance) scorer.add_provenance(row);
        report.add(json ? pick_json_row(row) : row);
    }
    for (const Json& record : failed) report.add(json ? pick_json_row(record) : record);
    report.finish();
    finish_output(output, summary, err);
    return summary.exit_code();
}

}  // namespace

void add_pick_command(CLI::App& app, std::function<void(const PickOptions&)> run) {
    auto* command =
        app.add_subcommand("pick", "Group photos of one moment and propose the best of each group");
    auto options = std::make_shared<PickOptions>();
    add_photo_options(*command, options->photos);
    add_cache_options(*command, options->photos.cache);
    add_scorer_options(*command, options->scorer);
    add_report_options(*command, options->format, options->output);
    command->add_flag("--provenance", options->provenance, "Add the model and its hash to tables and CSV");
    command
        ->add_option("--cover", options->cover,
                     "Only a varied set of N good photos, for an album or a poster")
        ->check(CLI::Range(1, 1 << 30));
    const OptionGroup group(*command, "What to do with them");
    auto* xmp =
        add_xmp_options(*command, options->xmp,
                        "Write the choice into XMP sidecars, and scores and stars where there are none yet");
    add_pick_marks(*command, options->xmp.marks.by_pick, xmp);
    command->add_flag("--dry-run", options->xmp.dry_run, "Only say what would be written")->needs(xmp);
    add_undo_log_option(*command, options->undo_log);
    command->callback([options, run] { run(*options); });
}

int run_pick(const PickOptions& options, std::ostream& out, std::ostream& err) {
    return run_with_scorer(
        err, [&] { return Scorer(options.scorer, options.photos.cache.use); },
        [&](const Scorer& scorer) { return pick_photos(options, scorer, out, err); }, exit_code_for);
}

}  // namespace piaa::cli
