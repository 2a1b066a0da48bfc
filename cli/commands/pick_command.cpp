#include "commands/pick_command.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/embedding.h>
#include <piaa/error.h>
#include <piaa/pick.h>

#include "console/output.h"
#include "metadata/capture_facts.h"
#include "photos/image_file.h"
#include "report/json_rows.h"
#include "run/photo_options.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

/// A photo of the run, as far as picking needs it.
struct Candidate {
    std::string path;
    double score = 0;
    bool flagged = false;
    std::optional<int> stars;
};

struct Candidates {
    std::vector<Candidate> files;
    std::vector<PickPhoto> photos;  ///< one for each of files
};

double rounded(double value) {
    return std::round(value * 1e6) / 1e6;
}

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

/// The photo with the longer side at `side` or a little above, as all photos of its group.
std::optional<Image> sized(const std::string& file, int side) {
    const auto fitted = [side](Size photo) {
        const double scale = std::min(1.0, static_cast<double>(side) / std::max(photo.width, photo.height));
        return Size{std::max(1, static_cast<int>(std::lround(photo.width * scale))),
                    std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
    };
    try {
        const DecodedPhoto decoded = read_image(file, fitted);
        const Size size = fitted(decoded.photo);
        return decoded.image.size() == size ? decoded.image : resized(decoded.image, size);
    } catch (const Error&) {  // gone or changed since it was scored
        return std::nullopt;
    }
}

/// How each photo of a group compares; only what one of several is to be taken from is looked at closely.
std::vector<double> compared(const Candidates& all, const PhotoGroup& group) {
    constexpr int side = 1600;  // a blur of two pixels of 12 million still shows
    if (group.kind != PhotoGroup::Kind::alike) return std::vector<double>(group.photos.size(), 0);
    std::vector<double> scores;
    std::vector<CloseLook> looks;
    for (const auto i : group.photos) {
        scores.push_back(all.files[i].score);
        const auto image = sized(all.files[i].path, side);
        looks.push_back(image ? look_closely(*image) : CloseLook{0, 1, 0});
    }
    return compare_in_group(scores, looks);
}

std::vector<PhotoGroup> groups_of(const Candidates& all) {
    return group_photos(all.photos, [&](std::size_t photo) { return sized(all.files[photo].path, 128); });
}

/// One row per photo, the groups in the order of their first photo, each best first.
std::vector<Json> group_rows(const Candidates& all) {
    std::vector<Json> rows;
    std::size_t number = 0;
    for (const auto& group : groups_of(all)) {
        ++number;
        const auto values = compared(all, group);
        std::vector<std::size_t> order(values.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] > values[b]; });
        for (std::size_t place = 0; place < order.size(); ++place) {
            const Candidate& file = all.files[group.photos[order[place]]];
            rows.push_back({{"path", file.path},
                            {"group", number},
                            {"kind", name_of(group.kind)},
                            {"pick", group.kind != PhotoGroup::Kind::alike || place == 0},
                            {"relative", rounded(values[order[place]])},
                            {"score", rounded(file.score)}});
        }
    }
    return rows;
}

/// The best of each group that is judged as a photo, and of those a varied set.
std::vector<Json> cover_rows(const Candidates& all, std::size_t count) {
    std::vector<std::size_t> best;
    std::vector<PickPhoto> photos;
    for (const auto& group : groups_of(all)) {
        const auto values = compared(all, group);
        std::size_t place = 0;
        for (std::size_t i = 1; i < values.size(); ++i) {
            const bool better = group.kind == PhotoGroup::Kind::alike
                                    ? values[i] > values[place]
                                    : all.files[group.photos[i]].score > all.files[group.photos[place]].score;
            if (better) place = i;
        }
        const std::size_t photo = group.photos[place];
        if (all.files[photo].flagged) continue;
        best.push_back(photo);
        photos.push_back(all.photos[photo]);
    }
    std::vector<Json> rows;
    for (const auto i : choose_cover(photos, count))
        rows.push_back({{"path", all.files[best[i]].path},
                        {"pick", true},
                        {"score", rounded(all.files[best[i]].score)}});
    return rows;
}

int pick_photos(const PickOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    Candidates all;
    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&& photo) {
        const Score score = scorer.score(photo.features);
        const auto facts = capture_facts(photo.photo.file);
        all.files.push_back({photo.photo.file.string(), score.score, !score.flags.empty(), score.stars});
        all.photos.push_back({photo.features.content_id, look(scorer.model(), photo.features),
                              embedding(scorer.model(), photo.features), score.score, facts.time,
                              facts.exposure});
    };
    const PhotoRunSummary summary = run_photos(scorer.model(), options.photos, err, handlers);

    std::vector<Column> columns = {{"path"}};
    if (options.cover == 0)
        for (const char* name : {"group", "kind", "pick", "relative"})
            columns.push_back({.name = name, .width = 8});
    columns.push_back({.name = "score", .width = 6});
    if (options.provenance)
        for (auto& column : provenance_columns(scorer.is_personal())) columns.push_back(std::move(column));
    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    Output output(options.output, out);
    Report report(output.stream(), format, std::move(columns),
                  terminal_columns(options.photos.terminal, options.output));
    for (auto& row : options.cover > 0 ? cover_rows(all, options.cover) : group_rows(all)) {
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
        ->check(CLI::PositiveNumber);
    command->callback([options, run] { run(*options); });
}

int run_pick(const PickOptions& options, std::ostream& out, std::ostream& err) {
    return run_with_scorer(
        err, [&] { return Scorer(options.scorer, options.photos.cache.use); },
        [&](const Scorer& scorer) { return pick_photos(options, scorer, out, err); }, exit_code_for);
}

}  // namespace piaa::cli
