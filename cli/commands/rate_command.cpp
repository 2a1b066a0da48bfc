#include "commands/rate_command.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <ostream>
#include <random>

#include <CLI/CLI.hpp>
#include <boost/filesystem.hpp>

#include <piaa/network_runtime.h>
#include <piaa/piaa.h>

#include "commands/photo_options.h"
#include "escape.h"
#include "image_file.h"
#include "output.h"
#include "photo_run.h"
#include "rate_page.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

constexpr int longest_side = 800;  // of the copies on the page
constexpr int jpeg_quality = 80;
constexpr double share_of_likely_good = 0.3;  // with none of them people give up

struct Candidate {
    fs::path file;
    std::string content_id;
    double score;
    std::vector<float> pooled;
};

template <typename Item>
void shuffle(std::vector<Item>& items, std::mt19937_64& random) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);
}

/// Photos by their suffix, a random part of a large folder. Names that are not UTF-8 cannot stand in the
/// page's tables.
std::vector<std::string> photos_to_look_at(const RateOptions& options, std::ostream& err) {
    const PhotoList list = list_photos({options.folder.string()});
    std::vector<std::string> files;
    for (const auto& photo : list.photos) {
        const std::string name = photo.file.string();
        if (!photo.expected) continue;
        if (percent_escaped(name) == name)
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

bool has_likeness(const std::vector<Candidate>& among, const std::string& content_id) {
    return std::any_of(among.begin(), among.end(),
                       [&](const auto& candidate) { return same_photo(candidate.content_id, content_id); });
}

/// Most of them those that differ most from each other, and the best of the rest.
std::vector<Candidate> choose(std::vector<Candidate> candidates, const RateOptions& options) {
    const auto good_count = static_cast<std::size_t>(std::lround(share_of_likely_good * options.count));
    std::vector<std::vector<float>> rows;
    for (const auto& candidate : candidates) rows.push_back(candidate.pooled);
    std::vector<bool> taken(candidates.size(), false);
    for (const auto i : most_varied(rows, options.count - good_count)) taken[i] = true;

    std::vector<std::size_t> by_score(candidates.size());
    std::iota(by_score.begin(), by_score.end(), std::size_t{0});
    std::stable_sort(by_score.begin(), by_score.end(),
                     [&](std::size_t a, std::size_t b) { return candidates[a].score > candidates[b].score; });
    auto missing =
        options.count - std::min<std::size_t>(options.count, std::count(taken.begin(), taken.end(), true));
    for (const auto i : by_score) {
        if (missing == 0) break;
        if (taken[i]) continue;
        taken[i] = true;
        --missing;
    }
    std::vector<Candidate> chosen;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (taken[i]) chosen.push_back(std::move(candidates[i]));
    std::mt19937_64 random(options.seed);
    shuffle(chosen, random);
    return chosen;
}

/// Every photo against two others, drawn at random.
std::vector<std::pair<std::size_t, std::size_t>> draw_pairs(std::size_t photos, std::uint64_t seed) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::mt19937_64 random(seed);
    std::vector<std::size_t> order(photos);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int round = 0; round < 2; ++round) {
        shuffle(order, random);
        for (std::size_t i = 0; i + 1 < order.size(); i += 2) pairs.emplace_back(order[i], order[i + 1]);
    }
    return pairs;
}

/// The size within `longest_side`, for a photo that is not smaller already.
Size page_size(Size photo) {
    const double scale =
        std::min(1.0, static_cast<double>(longest_side) / std::max(photo.width, photo.height));
    return {std::max(1, static_cast<int>(std::lround(photo.width * scale))),
            std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
}

std::string small_jpeg(const fs::path& file) {
    const DecodedPhoto decoded = read_image(file, page_size);
    const Size size = page_size(decoded.photo);
    return encode_jpeg(decoded.image.size() == size ? decoded.image : resized(decoded.image, size),
                       jpeg_quality);
}

int write_page(const RateOptions& options, const Model& model, std::ostream& err) {
    PhotoRunOptions run;
    run.paths = photos_to_look_at(options, err);
    run.jobs = options.jobs;
    run.cache = options.cache;
    run.quiet = options.quiet;
    run.terminal = options.terminal;
    if (run.paths.empty())
        throw Error(ErrorCode::bad_data, options.folder.string() + ": holds no photos and should hold some");

    std::vector<Candidate> candidates;
    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&& photo) {
        if (!photo.features.flags.empty() || has_likeness(candidates, photo.features.content_id)) return;
        candidates.push_back({photo.photo.file, photo.features.content_id, score(model, photo.features).score,
                              std::move(photo.features.pooled)});
    };
    const PhotoRunSummary summary = run_photos(model, run, err, handlers);
    if (summary.interrupted) return some_files_failed;
    if (candidates.size() < 2)
        throw Error(ErrorCode::bad_data, options.folder.string() + ": holds " +
                                             std::to_string(candidates.size()) +
                                             " different photos that can be read and should hold 2 or more");

    std::vector<RatePhoto> photos;
    for (const auto& candidate : choose(std::move(candidates), options))
        photos.push_back(
            {candidate.file.lexically_relative(options.folder).string(), small_jpeg(candidate.file)});

    Output output(options.output, err);
    output.stream() << rate_page(photos, draw_pairs(photos.size(), options.seed),
                                 fs::absolute(options.folder).lexically_normal().string());
    output.complete();
    if (!options.quiet)
        err << "piaa-batch: open " << printable(options.output.string()) << " in a browser to rate "
            << photos.size() << " photos\n";
    return summary.exit_code();
}

}  // namespace

void add_rate_command(CLI::App& app, std::function<void(const RateOptions&)> run) {
    auto* command = app.add_subcommand("rate", "Make a page on which to rate photos by hand");
    auto options = std::make_shared<RateOptions>();
    options->terminal = find_terminal();
    const auto as_path = [](fs::path& path) { return [&path](const std::string& text) { path = text; }; };
    command->add_option_function<std::string>("DIR", as_path(options->folder), "A folder of photos")
        ->required()
        ->type_name("");
    command
        ->add_option_function<std::string>("--output,-o", as_path(options->output),
                                           "Write the page to this file")
        ->required()
        ->type_name("FILE");
    command->add_option("--count,-n", options->count, "Photos on the page")
        ->check(CLI::Range(2, 200))
        ->capture_default_str();
    command->add_option("--look-at", options->look_at, "Choose among this many photos of a larger folder")
        ->check(CLI::Range(2, 1'000'000))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Another seed gives other photos")->capture_default_str();
    add_model_options(*command, options->model, options->device);
    add_cache_options(*command, options->cache);
    command->add_option("--jobs,-j", options->jobs, "Photos worked on at once; one a core if not given")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--quiet,-q", options->quiet,
                      "No progress and no summary; failed files are named still");
    command->callback([options, run] { run(*options); });
}

int run_rate(const RateOptions& options, std::ostream& err) {
    std::optional<Model> model;
    try {
        model =
            load_model(options.model.empty() ? default_model() : options.model, {.device = options.device});
        if (!options.cache.use) start_network(*model);
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return cannot_start;
    }
    try {
        return write_page(options, *model, err);
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return error.code() == ErrorCode::bad_data ? bad_usage : ending_of(error);
    }
}

}  // namespace piaa::cli
