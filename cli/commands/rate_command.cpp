#include "commands/rate_command.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <ostream>
#include <random>
#include <set>

#include <CLI/CLI.hpp>
#include <boost/filesystem.hpp>

#include <piaa/piaa.h>
#include <piaa/shuffle.h>

#include "console/counted.h"
#include "console/escape.h"
#include "console/output.h"
#include "pages/rate_page.h"
#include "pages/small_copy.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

constexpr int longest_side = 800;             // of the copies on the page
constexpr double share_of_likely_good = 0.3;  // with none of them people give up

/// What is asked of the candidate photos: places in it, in the order of the page, and pairs of places on
/// the page.
struct Questions {
    std::vector<std::size_t> photos;
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
};

/// Of a model without a prior: what differs most, and the best of the rest.
std::vector<std::size_t> choose_varied(const std::vector<CandidatePhoto>& candidates,
                                       const std::vector<std::vector<float>>& rows, std::size_t count) {
    const auto good =
        static_cast<std::size_t>(std::lround(share_of_likely_good * static_cast<double>(count)));
    std::vector<std::size_t> chosen = most_varied(rows, count - std::min(count, good));
    std::set<std::size_t> taken(chosen.begin(), chosen.end());
    std::vector<std::size_t> best(candidates.size());
    std::iota(best.begin(), best.end(), std::size_t{0});
    std::stable_sort(best.begin(), best.end(), [&](std::size_t a, std::size_t b) {
        return candidates[a].score.score > candidates[b].score.score;
    });
    for (const auto i : best)
        if (chosen.size() < std::min(count, candidates.size()) && taken.insert(i).second) chosen.push_back(i);
    return chosen;
}

/// Every photo against two others, drawn at random.
std::vector<std::pair<std::size_t, std::size_t>> draw_pairs(std::size_t photos, std::mt19937_64& random) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::vector<std::size_t> order(photos);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int round = 0; round < 2; ++round) {
        shuffle(order, random);
        for (std::size_t i = 0; i + 1 < order.size(); i += 2) pairs.emplace_back(order[i], order[i + 1]);
    }
    return pairs;
}

Questions choose(const std::vector<CandidatePhoto>& candidates, const Prior* prior, const UserProfile* known,
                 const RateOptions& options) {
    std::vector<std::vector<float>> rows;
    for (const auto& photo : candidates) rows.push_back(photo.row);
    Questions questions;
    if (prior != nullptr)
        for (const Query& query : select_queries(
                 *prior, rows, {.count = options.count, .likely_good = share_of_likely_good, .known = known}))
            questions.photos.push_back(query.photo);
    else
        questions.photos = choose_varied(candidates, rows, options.count);
    // Mixed, so that good photos come all along.
    std::sort(questions.photos.begin(), questions.photos.end());
    std::mt19937_64 random(options.candidates.seed);
    shuffle(questions.photos, random);

    if (prior == nullptr) {
        questions.pairs = draw_pairs(questions.photos.size(), random);
        return questions;
    }
    std::vector<std::vector<float>> on_page;
    for (const auto i : questions.photos) on_page.push_back(rows[i]);
    questions.pairs = choose_pairs(*prior, on_page, questions.photos.size(), known);
    for (auto& [left, right] : questions.pairs)
        if (random() % 2 == 1) std::swap(left, right);  // no side is the better one's
    return questions;
}

int write_page(const RateOptions& options, const Scorer& scorer, std::ostream& err) {
    std::optional<Prior> shipped;
    const Prior* prior = scorer.prior();
    if (prior == nullptr) {
        try {
            shipped =
                options.scorer.prior.empty() ? load_prior(scorer.model()) : load_prior(options.scorer.prior);
            prior = &*shipped;
        } catch (const Error&) {
            if (!options.scorer.prior.empty()) throw;  // a model of one's own may have none
        }
    }
    const Candidates candidates =
        read_candidates(scorer.model(), prior, scorer.profile(), options.candidates, err);
    if (candidates.summary.interrupted) return some_files_failed;
    const fs::path& folder = options.candidates.folder;
    if (candidates.photos.size() < 2)
        throw Error(ErrorCode::bad_data, folder.string() + ": holds " +
                                             std::to_string(candidates.photos.size()) +
                                             " different photos that can be asked about and should hold 2 or "
                                             "more");
    const Questions questions = choose(candidates.photos, prior, scorer.profile(), options);
    std::vector<RatePhoto> photos;
    for (const auto i : questions.photos) {
        const fs::path& file = candidates.photos[i].file;
        photos.push_back({file.lexically_relative(folder).string(), small_copy(file, longest_side)});
    }

    Output output(options.output, err);
    const auto whole = [](const fs::path& path) {
        return path.empty() ? std::string() : fs::absolute(path).lexically_normal().string();
    };
    output.stream() << rate_page(photos, questions.pairs, whole(folder), whole(options.scorer.user));
    output.complete();
    if (!options.candidates.quiet)
        err << "piaa-batch: open " << printable(options.output.string()) << " in a browser to rate "
            << counted(photos.size(), "photo") << '\n';
    return candidates.summary.exit_code();
}

}  // namespace

void add_rate_command(CLI::App& app, std::function<void(const RateOptions&)> run) {
    auto* command = app.add_subcommand("rate", "Make a page on which to rate photos by hand");
    auto options = std::make_shared<RateOptions>();
    add_candidate_options(*command, options->candidates, 2, "Another seed gives another order");
    add_path_option(*command, "--output,-o", options->output, "Write the page to this file")->required();
    command->add_option("--count,-n", options->count, "Photos on the page")
        ->check(CLI::Range(2, 200))
        ->capture_default_str();
    add_scorer_options(*command, options->scorer);
    command->callback([options, run] { run(*options); });
}

int run_rate(const RateOptions& options, std::ostream& err) {
    return run_with_scorer(
        err, [&] { return Scorer(options.scorer, options.candidates.cache.use); },
        [&](const Scorer& scorer) { return write_page(options, scorer, err); }, exit_code_without_candidates);
}

}  // namespace piaa::cli
