#include "commands/undo_command.h"

#include <ctime>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <piaa/error.h>

#include "changes/logged_runs.h"
#include "changes/undo_log.h"
#include "console/counted.h"
#include "console/escape.h"
#include "console/say.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

void say_what_is_gone(const UndoSummary& summary, std::ostream& err) {
    if (summary.not_found == 0) return;
    std::string names;
    for (const auto& file : summary.first_not_found) names += (names.empty() ? "" : ", ") + file.string();
    if (const auto more = summary.not_found - summary.first_not_found.size(); more > 0)
        names += " and " + std::to_string(more) + " more";
    say(err, std::to_string(summary.not_found) + " not found where the run left " +
                 (summary.not_found == 1 ? "it: " : "them: ") + names);
}

/// 2026-11-29T10:51:52Z as the clock of this place shows it.
std::string local_time(const std::string& utc) {
    std::tm parts{};
    if (::strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) return utc;
    const std::time_t time = ::timegm(&parts);
    ::localtime_r(&time, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

std::string described(const LoggedRun& run) {
    return fmt::format("{}  {:6}  {}", local_time(run.time), run.command, counted(run.changes, "change"));
}

void list_runs(std::ostream& out, std::ostream& err) {
    const auto runs = logged_runs(undo_folder());
    if (runs.empty()) say(err, "no run has left an undo log in " + undo_folder().string());
    for (const auto& run : runs)
        out << printable(fmt::format("{:52}  {}",
                                     described(run) + (run.undone  ? ", taken back"
                                                       : run.tried ? ", taken back in part"
                                                                   : ""),
                                     run.log.string()))
            << '\n';
}

/// Empty where all runs are taken back, as far as they can be.
fs::path newest_run(bool quiet, std::ostream& err) {
    for (const auto& run : logged_runs(undo_folder()))
        if (!run.undone && !run.tried) {
            if (!quiet) say(err, described(run) + "  " + run.log.string());
            return run.log;
        }
    say(err, "there is no run left to take back in " + undo_folder().string());
    return {};
}

}  // namespace

void add_undo_command(CLI::App& app, std::function<void(const UndoOptions&)> run) {
    auto* command =
        app.add_subcommand("undo", "Take back what a run wrote into sidecars, copied, moved or linked");
    auto options = std::make_shared<UndoOptions>();
    auto* log =
        add_path_option(*command, "LOG", options->log,
                        "The undo log that the run named; without it the runs that left one are listed", "");
    command->add_flag("--last", options->last, "Take back the newest run that is not taken back")
        ->excludes(log);
    command->add_flag("--dry-run", options->dry_run, "Only say how much would be taken back");
    command->add_flag("--quiet,-q", options->quiet, "No summary; what has to stay is named still");
    command->callback([options, run] { run(*options); });
}

int run_undo(const UndoOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&]() -> int {
        if (options.log.empty() && !options.last) {
            list_runs(out, err);
            return done;
        }
        const fs::path log = options.last ? newest_run(options.quiet, err) : options.log;
        if (log.empty()) return done;
        const UndoSummary summary = undo(log, options.dry_run, err);
        std::string along;
        if (summary.came_along > 0)
            along = " with " + counted(summary.came_along, "file") + " that their photos got since";
        if (!options.quiet)
            err << "piaa-batch: " << summary.restored
                << (options.dry_run ? " would be taken back" : " taken back") << along << ", "
                << summary.nothing_to_do << " with nothing to do, " << summary.refused
                << " left as they are\n";
        say_what_is_gone(summary, err);
        if (summary.refused + summary.not_found == 0) return done;
        if (const auto later = later_run(log, summary.stuck))
            say(err,
                "a later run changed some of these files and has to be taken back first: piaa-batch undo " +
                    later->log.string());
        return some_files_failed;
    });
}

}  // namespace piaa::cli
