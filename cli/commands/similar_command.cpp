#include "commands/similar_command.h"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/embedding.h>
#include <piaa/error.h>

#include "answers/photo_answers.h"
#include "console/output.h"
#include "feedback/rated_photos.h"
#include "report/json_rows.h"
#include "report/rounded.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Found {
    std::string id;  ///< the caller's key
    std::string path;
    double similarity = 0;
    double score = 0;
};

std::vector<float> embedding_of(const SimilarOptions& options, const Model& model, std::ostream& err) {
    const FeatureRun run{1, true, {}, &err, options.photos.cache};
    const auto seen = read_features(model, "", {boost::filesystem::absolute(options.photo).string()}, run);
    if (seen.empty()) throw Error(ErrorCode::bad_data, options.photo.string() + ": cannot be compared");
    return embedding(model, seen.front().features);
}

bool is_same_file(const boost::filesystem::path& a, const boost::filesystem::path& b) {
    boost::system::error_code ignored;
    return boost::filesystem::equivalent(a, b, ignored);
}

int find_similar(const SimilarOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    const auto wanted = embedding_of(options, scorer.model(), err);
    std::vector<Found> found;
    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&& photo) {
        if (is_same_file(photo.photo.file, options.photo)) return;
        found.push_back({photo.photo.id, photo.photo.file.string(),
                         similarity(wanted, embedding(scorer.model(), photo.features)),
                         scorer.score(photo.features).score});
    };
    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    std::vector<Json> failed;
    if (answers_failures(options.photos, json))
        handlers.failed = [&](const PhotoResult& photo) {
            failed.push_back(explain_failure(scorer, photo.photo, photo.error->what()));
        };
    const PhotoRunSummary summary = run_photos(scorer.model(), options.photos, err, handlers);
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.similarity > b.similarity; });
    found.resize(std::min(found.size(), options.top));

    std::vector<Column> columns = {{"path"}, {.name = "likeness", .width = 8}, {.name = "score", .width = 6}};
    if (options.photos.keys) columns.insert(columns.begin(), {"id"});
    if (options.photos.failed_ok) columns.push_back({"error"});
    Output output(options.output, out);
    Report report(output.stream(), format, columns,
                  terminal_columns(options.photos.terminal, options.output));
    for (const Found& photo : found) {
        Json record{{"id", photo.id},
                    {"path", photo.path},
                    {"likeness", rounded(photo.similarity)},
                    {"score", rounded(photo.score)}};
        if (json) scorer.add_provenance(record);
        report.add(json ? similar_json_row(record) : record);
    }
    for (const Json& record : failed) report.add(json ? similar_json_row(record) : record);
    report.finish();
    finish_output(output, summary, err);
    return summary.exit_code();
}

}  // namespace

void add_similar_command(CLI::App& app, std::function<void(const SimilarOptions&)> run) {
    auto* command = app.add_subcommand("similar", "Find the photos that look most like one photo");
    auto options = std::make_shared<SimilarOptions>();
    add_path_option(*command, "PHOTO", options->photo, "What the others are compared with", "")->required();
    add_photo_options(*command, options->photos);
    add_cache_options(*command, options->photos.cache);
    add_scorer_options(*command, options->scorer);
    command->add_option("--top,-n", options->top, "How many photos")
        ->check(CLI::Range(1, 1 << 30))
        ->capture_default_str();
    add_report_options(*command, options->format, options->output);
    command->callback([options, run] { run(*options); });
}

int run_similar(const SimilarOptions& options, std::ostream& out, std::ostream& err) {
    return run_with_scorer(
        err, [&] { return Scorer(options.scorer, options.photos.cache.use); },
        [&](const Scorer& scorer) { return find_similar(options, scorer, out, err); }, exit_code_for);
}

}  // namespace piaa::cli
