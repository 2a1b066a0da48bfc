#pragma once

#include <functional>
#include <iosfwd>

#include <boost/filesystem/path.hpp>

namespace CLI {
class App;
}

namespace piaa::cli {

struct UndoOptions {
    boost::filesystem::path log;
    bool dry_run = false;
    bool quiet = false;
};

/// Adds "piaa-batch undo"; run is called with the parsed options.
void add_undo_command(CLI::App& app, std::function<void(const UndoOptions&)> run);

/// Takes back what a run wrote, copied, moved or linked. Returns an ExitCode: some_files_failed when
/// something had to be left as it is or was not found.
int run_undo(const UndoOptions& options, std::ostream& err);

}  // namespace piaa::cli
