#include "commands/pick_command.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/close_look.h>
#include <piaa/culling.h>
#include <piaa/embedding.h>
#include <piaa/error.h>

#include "changes/undo_log.h"
#include "console/escape.h"
#include "console/output.h"
#include "limits/machine_limits.h"
#include "metadata/capture_facts.h"
#include "photos/small_image.h"
#include "report/json_rows.h"
#include "report/rounded.h"
#include "report/score_row.h"
#include "run/close_looks.h"
#include "run/mark_options.h"
#include "run/photo_options.h"
#include "shell/option_group.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

/// A photo of the run, as far as picking needs it.
struct Candidate {
    std::string path;
    Score score;
    Size size;
    KeptSubject subject;
    Json record;  ///< as `score` tells it; only where it is to be written
};

struct Candidates {
    const Model* model = nullptr;
    int jobs = 0;
    std::vector<Candidate> files;
    std::vector<PickPhoto> photos;  ///< one for each of files
};

/// What is told of one of the photos.
struct PickRow {
    std::size_t photo = 0;  ///< place in Candidates::files
    Json row;
};

const char* name_of(PhotoGroup::Kind kind) {
    switch (kind) {
        case PhotoGroup::Kind::single:
            return "single";
        case PhotoGroup::Kind::alike:
            return "alike";
        case PhotoGroup::Kind::bracket:
            return "bracket";
        case PhotoGroup::Kind::panorama:
            return "panorama";
    }
    return "";
}

/// The photo small; nothing when it is gone or changed since it was scored.
std::optional<Image> read_small(const std::string& file, int side) {
    try {
        return read_within(file, side);
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// How each photo of a group compares; only what one of several is to be taken from is looked at closely.
std::vector<GroupPlace> compared(const Candidates& all, const PhotoGroup& group) {
    if (group.kind != PhotoGroup::Kind::alike) return std::vector<GroupPlace>(group.photos.size());
    std::vector<double> scores;
    std::vector<GroupPhoto> photos;
    for (const auto i : group.photos) {
        scores.push_back(all.files[i].score.score);
        photos.push_back({all.files[i].path, all.files[i].size, all.files[i].subject});
    }
    return compare_in_group(scores, look_closely(*all.model, photos, all.jobs));
}

std::string reason_of(const PhotoGroup& group, std::span<const GroupPlace> places, std::size_t photo) {
    switch (group.kind) {
        case PhotoGroup::Kind::single:
            return "no other photo of this moment";
        case PhotoGroup::Kind::alike:
            return in_words(places[photo], places);
        case PhotoGroup::Kind::bracket:
            return "one of a series of exposures";
        case PhotoGroup::Kind::panorama:
            return "a part of a panorama";
    }
    return "";
}

std::vector<PhotoGroup> groups_of(const Candidates& all) {
    return group_photos(all.photos,
                        [&](std::size_t photo) { return read_small(all.files[photo].path, 128); });
}

/// One row per photo, the groups in the order of their first photo, each best first.
std::vector<PickRow> group_rows(const Candidates& all) {
    std::vector<PickRow> rows;
    std::size_t number = 0;
    for (const auto& group : groups_of(all)) {
        ++number;
        const auto places = compared(all, group);
        std::vector<std::size_t> order(places.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return places[a].value > places[b].value; });
        for (std::size_t place = 0; place < order.size(); ++place) {
            const std::size_t photo = group.photos[order[place]];
            const Candidate& file = all.files[photo];
            const GroupPlace& here = places[order[place]];
            auto flags = file.score.flags.names();
            if (here.soft_subject()) flags.emplace_back("soft_subject");
            rows.push_back({photo,
                            {{"path", file.path},
                             {"group", number},
                             {"kind", name_of(group.kind)},
                             {"pick", group.kind != PhotoGroup::Kind::alike || place == 0},
                             {"relative", rounded(here.value)},
                             {"score", rounded(file.score.score)},
                             {"flags", flags},
                             {"reason", reason_of(group, places, order[place])}}});
        }
    }
    return rows;
}

/// The best of each group that is judged as a photo, and of those a varied set.
std::vector<PickRow> cover_rows(const Candidates& all, std::size_t count) {
    std::vector<std::size_t> best;
    std::vector<PickPhoto> photos;
    for (const auto& group : groups_of(all)) {
        const auto places = compared(all, group);
        std::size_t place = 0;
        for (std::size_t i = 1; i < places.size(); ++i) {
            const bool better =
                group.kind == PhotoGroup::Kind::alike
                    ? places[i].value > places[place].value
                    : all.files[group.photos[i]].score.score > all.files[group.photos[place]].score.score;
            if (better) place = i;
        }
        const std::size_t photo = group.photos[place];
        if (!all.files[photo].score.flags.empty()) continue;
        best.push_back(photo);
        photos.push_back(all.photos[photo]);
    }
    std::vector<PickRow> rows;
    for (const auto i : choose_cover(photos, count)) {
        const Candidate& file = all.files[best[i]];
        rows.push_back(
            {best[i], {{"path", file.path}, {"pick", true}, {"score", rounded(file.score.score)}}});
    }
    return rows;
}

/// The choice into the sidecars of these photos. Returns how many failed.
std::size_t write_choice(const PickOptions& options, const Candidates& all, const std::vector<PickRow>& rows,
                         std::ostream& err) {
    if (!options.xmp.write) return 0;
    UndoLog log(options.undo_log, "pick");
    const UndoNotice notice(log, options.photos.quiet, err);
    XmpScores sidecars(options.xmp, log, err);
    std::size_t failed = 0;
    for (const auto& [photo, row] : rows) {
        Json record = all.files[photo].record;
        record["pick"] = row["pick"];
        try {
            sidecars.take(record);
        } catch (const Error& error) {
            ++failed;
            err << "piaa-batch: " << printable(error.what()) << '\n';
        }
    }
    sidecars.finish(err, options.photos.quiet);
    return failed;
}

std::vector<Column> pick_columns(const PickOptions& options, bool personal) {
    std::vector<Column> columns = {{"path"}};
    if (options.cover == 0)
        for (const char* name : {"group", "kind", "pick", "relative"})
            columns.push_back({.name = name, .width = 8});
    columns.push_back({.name = "score", .width = 6});
    if (options.cover == 0) {
        columns.push_back({.name = "flags", .width = 8});
        columns.push_back({"reason"});
    }
    if (options.provenance)
        for (auto& column : provenance_columns(personal)) columns.push_back(std::move(column));
    return columns;
}

int pick_photos(const PickOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    Candidates all;
    all.model = &scorer.model();
    all.jobs = plan_work(options.photos.jobs, options.photos.memory, machine_limits()).jobs;
    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&& photo) {
        const Score score = scorer.score(photo.features);
        Json record;
        if (options.xmp.write) {
            record = score_record(photo.photo, score, scorer.is_personal());
            scorer.add_provenance(record);
        }
        const auto facts = capture_facts(photo.photo.file);
        all.files.push_back(
            {photo.photo.file.string(), score, photo.features.photo, photo.subject, std::move(record)});
        all.photos.push_back({photo.features.content_id, look(scorer.model(), photo.features),
                              embedding(scorer.model(), photo.features), score.score, facts.time,
                              facts.exposure});
    };
    PhotoRunOptions photos = options.photos;
    photos.keep_subjects = true;
    PhotoRunSummary summary = run_photos(scorer.model(), photos, err, handlers);

    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    Output output(options.output, out);
    Report report(output.stream(), format, pick_columns(options, scorer.is_personal()),
                  terminal_columns(options.photos.terminal, options.output));
    auto rows = options.cover > 0 ? cover_rows(all, options.cover) : group_rows(all);
    summary.failed += write_choice(options, all, rows, err);
    for (auto& [photo, row] : rows) {
        if (json || options.provenance) scorer.add_provenance(row);
        report.add(json ? pick_json_row(row) : row);
    }
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
                        "Write scores and the choice into XMP sidecars, and stars where nobody gave any");
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
