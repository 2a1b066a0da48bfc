#include "commands/score_command.h"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "console/output.h"
#include "console/say.h"
#include "pages/result_page.h"
#include "report/ranking.h"
#include "report/score_row.h"
#include "run/mark_options.h"
#include "run/people.h"
#include "run/photo_options.h"
#include "run/soft_subjects.h"
#include "run/worker_results.h"
#include "shell/option_group.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

std::string as_stars(const Json& stars) {
    std::string text;
    if (stars.is_number())
        for (int i = 0; i < stars.get<int>(); ++i) text += "\u2605";
    return text;
}

/// In tables and CSV the caller's key and errors have columns where somebody counts on every photo's row.
bool has_key_column(const ScoreOptions& options) {
    return options.photos.keys;
}

bool has_error_column(const ScoreOptions& options) {
    return options.photos.keys || options.photos.failed_ok;
}

std::vector<Column> score_columns(const ScoreOptions& options, bool personal) {
    std::vector<Column> columns;
    if (has_key_column(options)) columns.push_back({"id"});
    columns.push_back({"path"});
    columns.push_back({.name = "score", .width = 6});
    if (personal) {
        columns.push_back({.name = "generic", .width = 7});
        columns.push_back({.name = "trust", .width = 5});
    }
    columns.push_back({.name = "spread", .width = 6});
    columns.push_back({.name = "stars", .width = 5, .show = as_stars});
    if (options.percentile) columns.push_back({.name = "percentile", .width = 10, .decimals = 1});
    columns.push_back({.name = "flags", .width = 8});
    if (options.provenance) {
        for (auto& column : provenance_columns(personal)) columns.push_back(std::move(column));
        if (!options.photos.shard.is_all()) columns.push_back({"shard"});
    }
    if (has_error_column(options)) columns.push_back({"error"});
    return columns;
}

/// What is done with the chosen photos beside telling their scores.
class Actions {
public:
    Actions(const ScoreOptions& options, std::ostream& err)
        : log_(options.undo_log, "score"),
          notice_(log_, options.photos.quiet, err),
          err_(err),
          quiet_(options.photos.quiet),
          compares_(options.top > 0 || options.photos.keep_subjects) {
        if (options.xmp.write) all_.push_back(std::make_unique<XmpScores>(options.xmp, log_, err));
        if (!options.report_page.empty())
            all_.push_back(std::make_unique<ResultPage>(options.report_page, options.photos.jobs, err));
        // Last, because a moved photo is not where its record says any more; a page makes its pictures at the
        // end.
        if (options.transfer)
            transfer_ = std::make_unique<PhotoTransfer>(*options.transfer, options.transfer_to,
                                                        options.xmp.dry_run, log_, err);
        transfer_at_end_ = !options.report_page.empty();
    }

    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    bool empty() const { return all_.empty() && !transfer_; }

    /// All photos are scored. After a run that did not come to its end nothing is done with any photo where
    /// the others decide that; after one that did, an interruption leaves what was not begun.
    void end_run(PhotoRunSummary& summary) {
        if (!summary.interrupted) run_ = &summary;
        if (!compares_ || empty() || !nothing_is_done(summary, err_)) return;
        all_.clear();
        transfer_.reset();
    }

    /// What a record does not tell.
    void know(const Photo& photo) {
        if (transfer_) transfer_->know(photo);
    }

    /// They know which files that are named go with photos.
    PhotoHandlers handlers() {
        PhotoHandlers handlers;
        if (transfer_)
            handlers.is_companion = [this](const auto& file) { return transfer_->is_companion(file); };
        return handlers;
    }

    void take(const Json& record) {
        if (leaves_rest()) return;
        // A photo whose sidecar could not be written stays where it is.
        const bool well =
            std::all_of(all_.begin(), all_.end(), [&](const auto& action) { return took(*action, record); });
        if (!transfer_) return;
        if (!well)
            transfer_->leave();
        else if (transfer_at_end_)
            to_transfer_.push_back(record);
        else
            took(*transfer_, record);
    }

    /// Returns how many photos failed.
    std::size_t finish() {
        for (const auto& action : all_) action->finish(err_, quiet_);
        for (const auto& record : to_transfer_)
            if (!leaves_rest()) took(*transfer_, record);
        if (transfer_) transfer_->finish(err_, quiet_);
        if (left_ > 0) say_rest_is_left(left_, *run_, err_);
        return failed_;
    }

private:
    bool leaves_rest() {
        const bool leaves = !empty() && run_ != nullptr && run_->is_interrupted();
        left_ += leaves;
        return leaves;
    }

    bool took(PhotoAction& action, const Json& record) {
        try {
            action.take(record);
            return true;
        } catch (const Error& error) {
            ++failed_;
            say(err_, error.what());
            return false;
        }
    }

    UndoLog log_;
    UndoNotice notice_;
    std::vector<std::unique_ptr<PhotoAction>> all_;
    std::unique_ptr<PhotoTransfer> transfer_;
    bool transfer_at_end_ = false;
    std::vector<Json> to_transfer_;
    std::ostream& err_;
    bool quiet_;
    bool compares_;  ///< photos with each other, before anything is done
    std::size_t failed_ = 0;
    PhotoRunSummary* run_ = nullptr;  ///< once it came to its end
    std::size_t left_ = 0;
};

bool is_best_first(const ScoreOptions& options) {
    return options.order ? *options.order == ScoreOrder::score : options.top > 0;
}

void add_shard(Json& record, const Shard& shard) {
    if (!shard.is_all()) record["shard"] = shard.text();
}

/// The row of a photo that could not be scored.
Json failure_record(const ScoreOptions& options, const Scorer& scorer, const PhotoResult& photo) {
    Json record = {
        {"id", photo.photo.id}, {"path", photo.photo.file.string()}, {"error", photo.error->what()}};
    scorer.add_provenance(record);
    add_shard(record, options.photos.shard);
    return record;
}

Score scored(const Scorer& eye, const Features& features, const std::optional<StarThresholds>& stars) {
    Score score = eye.score(features);
    if (stars && score.stars) score.stars = stars_at(*stars, score.score);
    return score;
}

int score_photos(const ScoreOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    const bool answers = answers_failures(options.photos, json) || (!json && has_error_column(options));
    const bool ranked = is_best_first(options) || options.top > 0 || options.percentile;
    const auto own_stars = chosen_stars(options.stars, scorer);

    Actions actions(options, err);
    Output output(options.output, out);
    Report report(output.stream(), format, score_columns(options, scorer.is_personal()),
                  terminal_columns(options.photos.terminal, options.output));
    Ranking ranking(options.top, is_best_first(options));
    const auto answer = [&](const Json& record) {
        report.add(json ? score_row(record) : record);
        output.flush();
    };
    const auto deliver = [&](const Json& record) {
        answer(record);
        actions.take(record);
    };
    const auto tell = [&](Json&& record) { ranked ? ranking.add(std::move(record)) : deliver(record); };
    std::optional<SoftSubjects> soft;
    if (options.photos.keep_subjects) soft.emplace(scorer.model(), options.photos);
    const auto put = [&](Json record, const Scorer& eye) {
        if (json || options.provenance || !actions.empty()) eye.add_provenance(record);
        if (json || options.provenance) add_shard(record, options.photos.shard);
        soft ? soft->hold(std::move(record), tell) : tell(std::move(record));
    };
    People people(scorer, options.scorer.prior);
    WorkerResults<std::shared_ptr<const Scorer>> eyes;
    PhotoHandlers handlers = actions.handlers();
    handlers.work = [&](PhotoResult& photo) { eyes.put(photo, people.of(photo.photo.profile)); };
    handlers.done = [&](PhotoResult&& photo) {
        const auto eye = eyes.take(photo);
        // Like theirs are the stars of the person that was named, and not of those that lines name.
        const bool stars_like_theirs = options.stars.at || eye.get() == &scorer;
        const Score score = scored(*eye, photo.features, stars_like_theirs ? own_stars : std::nullopt);
        actions.know(photo.photo);
        Json record = score_record(photo.photo, photo.features.content_id, score, eye->is_personal());
        if (soft) soft->saw(photo, score.score);
        if (options.percentile) ranking.saw(record["score"].get<double>());
        if (!options.selection.holds(score.score, score.stars)) return;
        add_polish(record, eye->model(), photo.features);
        put(std::move(record), *eye);
    };
    // Whoever hands in paths one by one waits for an answer to each.
    if (answers && !ranked)
        handlers.failed = [&](const PhotoResult& photo) {
            Json record = failure_record(options, scorer, photo);
            soft ? soft->pass(std::move(record), answer) : answer(record);
        };
    PhotoRunSummary summary = run_photos(scorer.model(), options.photos, err, handlers);
    actions.end_run(summary);
    if (soft) soft->tell();
    ranking.write(options.percentile, deliver);
    report.finish();
    summary.failed += actions.finish();
    finish_output(output, summary, err);
    return summary.exit_code();
}

/// What to do with the photos that are chosen.
void add_action_options(CLI::App& command, ScoreOptions& options) {
    const OptionGroup group(command, "What to do with them");
    auto* xmp = add_xmp_options(command, options.xmp,
                                "Write scores into XMP sidecars, and stars where nobody gave any");
    add_score_marks(command, options.xmp.marks.by_score, xmp);
    std::vector<CLI::Option*> transfers;
    for (const auto& [name, kind, help] :
         {std::tuple{"--copy-to", TransferKind::copy, "Copy the chosen photos into this folder"},
          std::tuple{"--move-to", TransferKind::move, "Move them"},
          std::tuple{"--link-to", TransferKind::link, "Make symbolic links to them"}}) {
        auto* transfer = command
                             .add_option_function<std::string>(
                                 name,
                                 [&options, kind = kind](const std::string& folder) {
                                     options.transfer = kind;
                                     options.transfer_to = folder;
                                 },
                                 help)
                             ->type_name("DIR");
        for (auto* other : transfers) transfer->excludes(other);
        transfers.push_back(transfer);
    }
    command.add_flag("--dry-run", options.xmp.dry_run,
                     "Only say what would be written, copied, moved, linked");
    add_path_option(command, "--report", options.report_page,
                    "Write a page to look at the photos in a browser");
    add_undo_log_option(command, options.undo_log);
}

/// What has to wait for the last photo, or would make photos arrive itself, does not go with --watch.
void check_watching(const ScoreOptions& options) {
    const auto refuse = [](const std::string& why) { throw CLI::ValidationError("--watch", why); };
    if (options.order == ScoreOrder::score || options.top > 0 || options.percentile)
        refuse("tells photos as they come, so --sort score, --top and --percentile do not go with it");
    if (options.photos.keep_subjects)
        refuse("tells photos as they come, so --soft-subject does not go with it");
    if (!options.photos.shard.is_all()) refuse("does not go with --shard");
    if (options.xmp.into_originals) refuse("does not go with --into-originals, which makes photos anew");
    if (!options.transfer) return;
    namespace fs = boost::filesystem;
    const auto folder = fs::weakly_canonical(fs::absolute(options.photos.watch));
    const auto target = fs::weakly_canonical(fs::absolute(options.transfer_to));
    if (std::mismatch(folder.begin(), folder.end(), target.begin(), target.end()).first == folder.end())
        refuse("would see the photos that are brought to " + options.transfer_to.string() + " arrive");
}

}  // namespace

void add_score_command(CLI::App& app, std::function<void(const ScoreOptions&)> run) {
    auto* command = app.add_subcommand("score", "Score photos: 1 to 10, best first with --sort score");
    auto options = std::make_shared<ScoreOptions>();
    add_photo_options(*command, options->photos);
    add_watch_options(*command, options->photos);
    add_shard_option(*command, options->photos.shard);
    add_cache_options(*command, options->photos.cache);
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
    command
        ->add_flag(
            "--percentile", options->percentile,
            "Say how many percent of the run's photos have a lower score, with half of those that have the "
            "same")
        ->excludes("--shard");
    command
        ->add_flag("--soft-subject", options->photos.keep_subjects,
                   "Compare photos of one moment as 'pick' does, and flag those whose subject is softer")
        ->excludes("--shard");
    const OptionGroup group(*command, "Which of them");
    command->add_option("--top", options->top, "Only the best N photos")->check(CLI::Range(1, 1 << 30));
    add_selection_options(*command, options->selection);
    add_star_choice(*command, options->stars, /*kept=*/false);
    add_action_options(*command, *options);
    command->callback([options, run] {
        check_score_marks(options->xmp.marks.by_score);
        if (!options->photos.watch.empty()) check_watching(*options);
        if (!options->output.empty() && options->output == options->report_page)
            throw CLI::ValidationError("--report", "and --output should be two files");
        if (options->xmp.dry_run && !options->xmp.write && !options->transfer)
            throw CLI::ValidationError(
                "--dry-run",
                "says what --xmp, --copy-to, --move-to or --link-to would do, and none of them is given");
        run(*options);
    });
}

int run_score(const ScoreOptions& options, std::ostream& out, std::ostream& err) {
    // With a cache there may be nothing to run a network for, and loading the runtime costs half a second.
    return run_with_scorer(
        err, [&] { return Scorer(options.scorer, options.photos.cache.use); },
        [&](const Scorer& scorer) { return score_photos(options, scorer, out, err); }, exit_code_for);
}

}  // namespace piaa::cli
