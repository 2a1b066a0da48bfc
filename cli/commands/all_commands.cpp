#include "commands/all_commands.h"

#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/piaa.h>

#include "commands/adapt_command.h"
#include "commands/cache_command.h"
#include "commands/command_guide.h"
#include "commands/crop_command.h"
#include "commands/explain_command.h"
#include "commands/merge_command.h"
#include "commands/model_command.h"
#include "commands/pick_command.h"
#include "commands/preset_command.h"
#include "commands/profile_command.h"
#include "commands/profile_compare.h"
#include "commands/rate_command.h"
#include "commands/research/evaluate_agreement.h"
#include "commands/research/evaluate_command.h"
#include "commands/research/evaluate_crop.h"
#include "commands/research/evaluate_generic.h"
#include "commands/research/evaluate_personal.h"
#include "commands/research/train_blg.h"
#include "commands/research/train_command.h"
#include "commands/research/train_crop.h"
#include "commands/research/train_distil.h"
#include "commands/research/train_familiarity.h"
#include "commands/research/train_generic.h"
#include "commands/research/train_kinds.h"
#include "commands/research/train_pa.h"
#include "commands/research/train_places.h"
#include "commands/research/train_prior.h"
#include "commands/score_command.h"
#include "commands/serve_command.h"
#include "commands/similar_command.h"
#include "commands/suggest_command.h"
#include "commands/teach_command.h"
#include "commands/undo_command.h"
#include "shell/mistakes.h"
#include "shell/settings_file.h"

namespace piaa::cli {

void add_all_commands(CLI::App& app, std::ostream& out, std::ostream& err, int& exit_code) {
    app.set_version_flag("--version", std::string("piaa-batch ") + piaa::version(), "Print the version");
    app.require_subcommand(1);
    app.failure_message(explain_mistake);
    add_settings_file(app, out);

    // A command answers on out and complains on err, or has nothing to answer.
    const auto answering = [&](auto run) {
        return [&, run](const auto& options) { exit_code = run(options, out, err); };
    };
    const auto quiet = [&](auto run) {
        return [&, run](const auto& options) { exit_code = run(options, err); };
    };
    add_score_command(app, answering(run_score));
    add_crop_command(app, answering(run_crop));
    add_explain_command(app, answering(run_explain));
    add_pick_command(app, answering(run_pick));
    add_similar_command(app, answering(run_similar));
    add_serve_command(app, answering(run_serve));
    add_undo_command(app, answering(run_undo));
    add_adapt_command(app, answering(run_adapt));
    add_rate_command(app, quiet(run_rate));
    add_teach_command(app, answering(run_teach));
    add_suggest_command(app, answering(run_suggest));
    auto& profile = add_profile_command(app, answering(run_profile));
    add_profile_compare(profile, answering(run_profile_compare));
    add_preset_command(app, answering(run_preset));
    add_model_command(app, answering(run_model));
    add_cache_command(app, answering(run_cache));
    add_merge_command(app, answering(run_merge));
    auto& train = add_train_command(app);
    add_train_crop(train, quiet(run_train_crop));
    add_train_distil(train, quiet(run_train_distil));
    add_train_familiarity(train, answering(run_train_familiarity));
    add_train_kinds(train, quiet(run_train_kinds));
    add_train_generic(train, answering(run_train_generic));
    add_train_places(train, quiet(run_train_places));
    add_train_prior(train, quiet(run_train_prior));
    add_train_pa(train, answering(run_train_pa));
    add_train_blg(train, quiet(run_train_blg));
    auto& evaluate = add_evaluate_command(app);
    add_evaluate_agreement(evaluate, answering(run_evaluate_agreement));
    add_evaluate_crop(evaluate, answering(run_evaluate_crop));
    add_evaluate_generic(evaluate, answering(run_evaluate_generic));
    add_evaluate_personal(evaluate, answering(run_evaluate_personal));
    add_guide(app);
}

}  // namespace piaa::cli
