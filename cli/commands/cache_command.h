#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

namespace CLI {
class App;
}

namespace piaa::cli {

enum class CacheAction { info, clear, merge };

struct CacheCommandOptions {
    CacheAction action = CacheAction::info;
    boost::filesystem::path file;          ///< empty: the user's
    std::vector<std::string> merged = {};  ///< what `merge` takes over
};

/// Adds "piaa-batch cache info|clear|merge"; run is called with the parsed options.
void add_cache_command(CLI::App& app, std::function<void(const CacheCommandOptions&)> run);

/// Writes to out what the cache holds, empties it or puts others into it. Returns an ExitCode.
int run_cache(const CacheCommandOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
