#include "commands/undo_command.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>

#include "changes/undo_log.h"
#include "console/counted.h"
#include "console/say.h"
#include "run/photo_options.h"

namespace piaa::cli {

void add_undo_command(CLI::App& app, std::function<void(const UndoOptions&)> run) {
    auto* command =
        app.add_subcommand("undo", "Take back what a run wrote into sidecars, copied, moved or linked");
    auto options = std::make_shared<UndoOptions>();
    add_path_option(*command, "LOG", options->log, "The undo log that the run named", "")->required();
    command->add_flag("--dry-run", options->dry_run, "Only say how much would be taken back");
    command->add_flag("--quiet,-q", options->quiet, "No summary; what has to stay is named still");
    command->callback([options, run] { run(*options); });
}

namespace {

void say_what_is_gone(const UndoSummary& summary, std::ostream& err) {
    if (summary.not_found == 0) return;
    std::string names;
    for (const auto& file : summary.first_not_found) names += (names.empty() ? "" : ", ") + file.string();
    if (const auto more = summary.not_found - summary.first_not_found.size(); more > 0)
        names += " and " + std::to_string(more) + " more";
    say(err, std::to_string(summary.not_found) + " not found where the run left " +
                 (summary.not_found == 1 ? "it: " : "them: ") + names);
}

}  // namespace

int run_undo(const UndoOptions& options, std::ostream& err) {
    return run_as_a_whole(err, [&]() -> int {
        const UndoSummary summary = undo(options.log, options.dry_run, err);
        std::string along;
        if (summary.came_along > 0)
            along = " with " + counted(summary.came_along, "file") + " that their photos got since";
        if (!options.quiet)
            err << "piaa-batch: " << summary.restored
                << (options.dry_run ? " would be taken back" : " taken back") << along << ", "
                << summary.nothing_to_do << " with nothing to do, " << summary.refused
                << " left as they are\n";
        say_what_is_gone(summary, err);
        return summary.refused + summary.not_found > 0 ? some_files_failed : done;
    });
}

}  // namespace piaa::cli
