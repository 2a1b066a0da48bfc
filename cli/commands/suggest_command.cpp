#include "commands/suggest_command.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/query_selection.h>

#include "console/escape.h"
#include "console/output.h"
#include "report/json_rows.h"
#include "report/rounded.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

int suggest(const SuggestOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    const ReportFormat format = report_format(options.format, options.candidates.terminal, options.output);
    const Candidates candidates =
        read_candidates(scorer.model(), scorer.prior(), scorer.profile(), options.candidates, err);
    if (candidates.summary.interrupted) return some_files_failed;
    std::vector<std::vector<float>> rows;
    for (const CandidatePhoto& photo : candidates.photos) rows.push_back(photo.row);

    Output output(options.output, out);
    Report report(output.stream(), format,
                  {{"path"},
                   {.name = "score", .width = 6},
                   {.name = "generic", .width = 7},
                   {.name = "trust", .width = 5},
                   {.name = "why", .width = 11}},
                  terminal_columns(options.candidates.terminal, options.output));
    const QueryOptions asking{.count = options.count, .known = scorer.profile()};
    for (const Query& query : select_queries(*scorer.prior(), rows, asking)) {
        const CandidatePhoto& photo = candidates.photos[query.photo];
        Json record{{"path", photo.file.string()},
                    {"score", rounded(photo.score.score)},
                    {"generic", rounded(photo.score.generic)},
                    {"trust", rounded(photo.score.trust)},
                    {"why", query.likely_good ? "likely good" : "tells most"}};
        const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
        if (json) scorer.add_provenance(record);
        report.add(json ? suggest_json_row(record) : record);
    }
    report.finish();
    output.complete();
    if (candidates.photos.empty() && !options.candidates.quiet)
        err << "piaa-batch: " << printable(options.candidates.folder.string())
            << ": holds no photo that the profile has no opinion of yet\n";
    return candidates.summary.exit_code();
}

}  // namespace

void add_suggest_command(CLI::App& app, std::function<void(const SuggestOptions&)> run) {
    auto* command = app.add_subcommand("suggest", "Which photos to rate next, so that a profile learns most");
    auto options = std::make_shared<SuggestOptions>();
    add_candidate_options(*command, options->candidates, 1,
                          "Another seed looks at other photos of a larger folder");
    add_scorer_options(*command, options->scorer);
    command->get_option("--user")->required();
    command->add_option("--count,-n", options->count, "How many photos")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    add_report_options(*command, options->format, options->output);
    command->callback([options, run] { run(*options); });
}

int run_suggest(const SuggestOptions& options, std::ostream& out, std::ostream& err) {
    return run_with_scorer(
        err, [&] { return Scorer(options.scorer, options.candidates.cache.use); },
        [&](const Scorer& scorer) { return suggest(options, scorer, out, err); },
        exit_code_without_candidates);
}

}  // namespace piaa::cli
