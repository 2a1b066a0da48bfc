#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <malloc.h>

#include <piaa/piaa.h>

#include "commands/adapt_command.h"
#include "commands/cache_command.h"
#include "commands/crop_command.h"
#include "commands/explain_command.h"
#include "commands/merge_command.h"
#include "commands/model_command.h"
#include "commands/pick_command.h"
#include "commands/preset_command.h"
#include "commands/profile_command.h"
#include "commands/rate_command.h"
#include "commands/research/evaluate_agreement.h"
#include "commands/research/evaluate_command.h"
#include "commands/research/evaluate_crop.h"
#include "commands/research/evaluate_generic.h"
#include "commands/research/evaluate_personal.h"
#include "commands/research/train_blg.h"
#include "commands/research/train_command.h"
#include "commands/research/train_crop.h"
#include "commands/research/train_generic.h"
#include "commands/research/train_pa.h"
#include "commands/research/train_prior.h"
#include "commands/score_command.h"
#include "commands/serve_command.h"
#include "commands/similar_command.h"
#include "commands/suggest_command.h"
#include "commands/teach_command.h"
#include "commands/undo_command.h"
#include "console/exit_code.h"
#include "limits/time_limit.h"

using namespace piaa::cli;

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves shows as a failed write
    std::signal(SIGXFSZ, SIG_IGN);  // and so does a limit on the size of files
    // Every photo takes and gives back a few megabytes; the system should not zero them anew each time.
    ::mallopt(M_MMAP_THRESHOLD, 64 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 128 << 20);
    // What one thread gave back another takes again: by itself each thread would keep a heap of its own,
    // which takes up to half as much memory again and is no faster.
    ::mallopt(M_ARENA_MAX, static_cast<int>(1 + std::thread::hardware_concurrency() / 8));
    std::ios::sync_with_stdio(false);
    CLI::App app{"Scores, learns and crops photos to one person's taste", "piaa-batch"};
    app.set_version_flag("--version", std::string("piaa-batch ") + piaa::version());
    app.require_subcommand(1);

    int exit_code = done;
    add_score_command(app,
                      [&](const auto& options) { exit_code = run_score(options, std::cout, std::cerr); });
    add_serve_command(app,
                      [&](const auto& options) { exit_code = run_serve(options, std::cout, std::cerr); });
    add_crop_command(app, [&](const auto& options) { exit_code = run_crop(options, std::cout, std::cerr); });
    add_explain_command(app,
                        [&](const auto& options) { exit_code = run_explain(options, std::cout, std::cerr); });
    add_preset_command(app,
                       [&](const auto& options) { exit_code = run_preset(options, std::cout, std::cerr); });
    add_model_command(app,
                      [&](const auto& options) { exit_code = run_model(options, std::cout, std::cerr); });
    add_profile_command(app,
                        [&](const auto& options) { exit_code = run_profile(options, std::cout, std::cerr); });
    add_rate_command(app, [&](const auto& options) { exit_code = run_rate(options, std::cerr); });
    add_adapt_command(app,
                      [&](const auto& options) { exit_code = run_adapt(options, std::cout, std::cerr); });
    add_pick_command(app, [&](const auto& options) { exit_code = run_pick(options, std::cout, std::cerr); });
    add_similar_command(app,
                        [&](const auto& options) { exit_code = run_similar(options, std::cout, std::cerr); });
    add_undo_command(app, [&](const auto& options) { exit_code = run_undo(options, std::cerr); });
    add_merge_command(app,
                      [&](const auto& options) { exit_code = run_merge(options, std::cout, std::cerr); });
    add_cache_command(app,
                      [&](const auto& options) { exit_code = run_cache(options, std::cout, std::cerr); });
    add_suggest_command(app,
                        [&](const auto& options) { exit_code = run_suggest(options, std::cout, std::cerr); });
    add_teach_command(app,
                      [&](const auto& options) { exit_code = run_teach(options, std::cout, std::cerr); });
    auto& train = add_train_command(app);
    add_train_crop(train, [&](const auto& options) { exit_code = run_train_crop(options, std::cerr); });
    add_train_generic(
        train, [&](const auto& options) { exit_code = run_train_generic(options, std::cout, std::cerr); });
    add_train_prior(train, [&](const auto& options) { exit_code = run_train_prior(options, std::cerr); });
    add_train_pa(train,
                 [&](const auto& options) { exit_code = run_train_pa(options, std::cout, std::cerr); });
    add_train_blg(train, [&](const auto& options) { exit_code = run_train_blg(options, std::cerr); });
    auto& evaluate = add_evaluate_command(app);
    add_evaluate_agreement(evaluate, [&](const auto& options) {
        exit_code = run_evaluate_agreement(options, std::cout, std::cerr);
    });
    add_evaluate_crop(
        evaluate, [&](const auto& options) { exit_code = run_evaluate_crop(options, std::cout, std::cerr); });
    add_evaluate_generic(evaluate, [&](const auto& options) {
        exit_code = run_evaluate_generic(options, std::cout, std::cerr);
    });
    add_evaluate_personal(evaluate, [&](const auto& options) {
        exit_code = run_evaluate_personal(options, std::cout, std::cerr);
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? done : bad_usage;
    }
    std::cout.flush();
    if (abandoned_work_goes_on()) {  // what a decoder that hangs still uses must not be cleared away
        std::cerr.flush();
        std::_Exit(exit_code);
    }
    return exit_code;
}
