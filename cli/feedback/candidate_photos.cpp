#include "feedback/candidate_photos.h"

#include <algorithm>
#include <ostream>
#include <random>

#include <CLI/CLI.hpp>

#include <piaa/adapt.h>
#include <piaa/content_id.h>
#include <piaa/picture_kinds.h>
#include <piaa/shuffle.h>

#include "console/escape.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

std::vector<std::string> photos_to_look_at(const CandidateOptions& options, std::ostream& err) {
    const PhotoList list = list_photos({options.folder.string()});
    std::vector<std::string> files;
    for (const auto& photo : list.photos) {
        const std::string name = photo.file.string();
        if (!photo.expected) continue;
        if (is_utf8(name))
            files.push_back(name);
        else
            err << "piaa-batch: " << printable(name) << ": left out, its name is not UTF-8\n";
    }
    if (files.size() > options.look_at) {
        std::mt19937_64 random(options.seed);
        shuffle(files, random);
        files.resize(options.look_at);
        std::sort(files.begin(), files.end());
    }
    return files;
}

}  // namespace

ExitCode exit_code_without_candidates(const Error& error) {
    return error.code() == ErrorCode::bad_data ? bad_usage : exit_code_for(error);
}

void add_candidate_options(CLI::App& command, CandidateOptions& options, int fewest,
                           const std::string& seed_help) {
    options.terminal = find_terminal();
    add_path_option(command, "DIR", options.folder, "A folder of photos", "")->required();
    command.add_option("--look-at", options.look_at, "Choose among this many photos of a larger folder")
        ->check(CLI::Range(fewest, 1'000'000))
        ->capture_default_str();
    command.add_option("--seed", options.seed, seed_help)->capture_default_str();
    add_cache_options(command, options.cache);
    add_run_options(command, options.jobs, options.quiet);
}

Candidates read_candidates(const Model& model, const Prior* prior, const UserProfile* known,
                           const CandidateOptions& options, std::ostream& err) {
    PhotoRunOptions run;
    run.paths = photos_to_look_at(options, err);
    run.jobs = options.jobs;
    run.cache = options.cache;
    run.quiet = options.quiet;
    run.terminal = options.terminal;
    if (run.paths.empty())
        throw Error(ErrorCode::bad_data, options.folder.string() + ": holds no photos and should hold some");

    Candidates candidates;
    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&& photo) {
        Features& features = photo.features;
        const auto alike = [&](const CandidatePhoto& other) {
            return same_photo(other.content_id, features.content_id);
        };
        if (!flags_of(model, features).empty() || (known != nullptr && known->find(features.content_id)) ||
            std::any_of(candidates.photos.begin(), candidates.photos.end(), alike))
            return;
        const bool personal = prior != nullptr && known != nullptr;
        const Score judged = personal ? score(model, *prior, *known, features) : score(model, features);
        auto row = prior != nullptr ? feature_row(model, *prior, features) : std::move(features.pooled);
        candidates.photos.push_back({photo.photo.file, features.content_id, judged, std::move(row)});
    };
    candidates.summary = run_photos(model, run, err, handlers);
    return candidates;
}

}  // namespace piaa::cli
