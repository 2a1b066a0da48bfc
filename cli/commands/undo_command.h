#pragma once

#include <functional>
#include <iosfwd>

#include <boost/filesystem/path.hpp>

namespace CLI {
class App;
}

namespace piaa::cli {

struct UndoOptions {
    boost::filesystem::path log;  ///< empty: only lists the runs that can be taken back
    bool last = false;            ///< the newest run that is not taken back, in place of `log`
    bool dry_run = false;
    bool quiet = false;
};

/// Adds "piaa-batch undo"; run is called with the parsed options.
void add_undo_command(CLI::App& app, std::function<void(const UndoOptions&)> run);

/// Takes back what a run wrote, copied, moved or linked, or lists on `out` the runs that left a log in the
/// user's folder, the newest first. Returns an ExitCode: some_files_failed when
/// something had to be left as it is or was not found.
int run_undo(const UndoOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
