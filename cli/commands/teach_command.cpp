#include "commands/teach_command.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "console/escape.h"
#include "limits/interrupt.h"
#include "pages/small_copy.h"
#include "run/photo_options.h"
#include "service/teach_server.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

constexpr int longest_side = 1000;  // of the copies on the page

int teach(const TeachOptions& options, const Scorer& scorer, std::ostream& out, std::ostream& err) {
    require_comparisons(scorer);
    const Prior prior = scorer.prior() != nullptr      ? *scorer.prior()
                        : options.scorer.prior.empty() ? load_prior(scorer.model())
                                                       : load_prior(options.scorer.prior);
    // Photos that the profile knows are shown too: it may still be wrong about them.
    const Candidates candidates = read_candidates(scorer.model(), &prior, nullptr, options.candidates, err);
    if (candidates.summary.interrupted) return some_files_failed;
    std::vector<LessonPhoto> photos;
    for (const CandidatePhoto& photo : candidates.photos)
        photos.push_back(
            {photo.file.lexically_relative(options.candidates.folder).string(), photo.content_id, photo.row});
    Teaching teaching(Lesson(scorer, options.scorer.user, prior, std::move(photos)));
    if (!options.candidates.quiet) err << "piaa-batch: open this address in a browser; Ctrl-C ends\n";
    const InterruptGuard guard;
    serve_teaching(
        teaching, [&](std::size_t photo) { return small_copy(candidates.photos[photo].file, longest_side); },
        options.port, out, InterruptGuard::interrupted);
    return candidates.summary.exit_code();
}

}  // namespace

void add_teach_command(CLI::App& app, std::function<void(const TeachOptions&)> run) {
    auto* command = app.add_subcommand("teach", "Learn from answers in the browser: pairs, orders, stars");
    auto options = std::make_shared<TeachOptions>();
    add_candidate_options(*command, options->candidates, 2,
                          "Another seed looks at other photos of a larger folder");
    add_scorer_options(*command, options->scorer);
    command->get_option("--user")->required();
    command
        ->add_option("--port", options->port, "Where to listen on this machine; any free port if not given")
        ->check(CLI::Range(0, 65535));
    command->callback([options, run] { run(*options); });
}

int run_teach(const TeachOptions& options, std::ostream& out, std::ostream& err) {
    return run_with_scorer(
        err,
        [&] {
            ScorerOptions known = options.scorer;
            if (!fs::exists(known.user)) known.user.clear();  // the first answer makes it
            return Scorer(known, options.candidates.cache.use);
        },
        [&](const Scorer& scorer) { return teach(options, scorer, out, err); }, exit_code_without_candidates);
}

}  // namespace piaa::cli
