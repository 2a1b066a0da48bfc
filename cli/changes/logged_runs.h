#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// A run that left an undo log.
struct LoggedRun {
    boost::filesystem::path log;
    std::string command;      ///< "score"
    std::string time;         ///< in UTC: 2026-11-29T10:51:52Z
    std::size_t changes = 0;  ///< of files that were noted
    bool undone = false;      ///< all of them were taken back
    bool tried = false;       ///< all were that could be
};

/// The runs whose logs are in a folder, the newest first; what is no log of ours is passed over. None where
/// the folder cannot be read.
std::vector<LoggedRun> logged_runs(const boost::filesystem::path& folder);

/// The newest run after that of `log` and in the same folder that changed one of these files and is not taken
/// back.
std::optional<LoggedRun> later_run(const boost::filesystem::path& log, const std::set<std::string>& files);

/// All files that such runs changed. Reads their logs, and what they changed, whole.
std::set<std::string> changed_later(const boost::filesystem::path& log);

}  // namespace piaa::cli
