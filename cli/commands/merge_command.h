#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "console/terminal.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct MergeOptions {
    std::vector<std::string>
        files;  ///< what `score --shard` wrote, all as CSV, all as JSON or all as JSON lines
    std::vector<std::string> images;  ///< the paths that were scored, to tell what is missing; may be empty
    boost::filesystem::path output;   ///< empty: standard output
    Terminal terminal;
};

/// Adds "piaa-batch merge"; run is called with the parsed options.
void add_merge_command(CLI::App& app, std::function<void(const MergeOptions&)> run);

/// Writes the rows of all files in path order to out, as one run over everything would have written them, and
/// says on err what is missing or double. Returns an ExitCode: some_files_failed when rows are missing or
/// contradict each other.
int run_merge(const MergeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
