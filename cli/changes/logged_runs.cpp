#include "changes/logged_runs.h"

#include <algorithm>
#include <tuple>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "changes/undo_log.h"
#include "changes/undo_values.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

std::optional<LoggedRun> logged_run(const fs::path& log) {
    fs::ifstream lines(log, std::ios::binary);
    std::string line;
    std::getline(lines, line);
    const auto head = nlohmann::json::parse(line, nullptr, false);
    if (!head.is_object() || head.value("piaa_undo", nlohmann::json()) != 1) return std::nullopt;
    LoggedRun run;
    run.log = log;
    for (const auto& [name, value] : {std::pair("command", &run.command), {"time", &run.time}})
        if (head.contains(name) && head[name].is_string()) *value = head[name].get<std::string>();
    // A last line without its end is a change that was never begun; a folder is made for what follows.
    while (std::getline(lines, line) && !lines.eof()) {
        const bool is_end = line.starts_with(R"({"did":"undone")");
        const bool whole = is_end && line.find(R"("rest")") == std::string::npos;
        run.undone = run.undone || whole;
        run.tried = run.tried || is_end;
        run.changes += !is_end && !line.starts_with(R"({"did":"folder")");
    }
    run.undone = run.undone || !holds_changes(log);
    return run;
}

void add_files(const fs::path& log, std::set<std::string>& files) {
    fs::ifstream lines(log, std::ios::binary);
    std::string line;
    while (std::getline(lines, line)) try {
            const auto entry = nlohmann::ordered_json::parse(line);
            for (const char* name : {"path", "from", "to"})
                if (entry.contains(name)) files.insert(from_json(entry[name]));
        } catch (const std::exception&) {
            // Not a whole entry.
        }
}

bool speaks_of(const fs::path& log, const std::set<std::string>& files) {
    std::set<std::string> own;
    add_files(log, own);
    return std::any_of(files.begin(), files.end(), [&](const auto& file) { return own.contains(file); });
}

/// Those after a log in its folder that are not taken back, the newest first.
std::vector<LoggedRun> later_runs(const fs::path& log) {
    auto runs = logged_runs(fs::absolute(log).parent_path());
    const auto own = std::find_if(runs.begin(), runs.end(),
                                  [&](const LoggedRun& run) { return run.log.filename() == log.filename(); });
    runs.erase(own == runs.end() ? runs.begin() : own, runs.end());
    std::erase_if(runs, [](const LoggedRun& run) { return run.undone; });
    return runs;
}

}  // namespace

std::vector<LoggedRun> logged_runs(const fs::path& folder) {
    std::vector<LoggedRun> runs;
    boost::system::error_code problem;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        boost::system::error_code ignored;
        if (it->path().extension() != ".jsonl" || !fs::is_regular_file(it->path(), ignored)) continue;
        if (auto run = logged_run(it->path())) runs.push_back(std::move(*run));
    }
    std::sort(runs.begin(), runs.end(), [](const LoggedRun& one, const LoggedRun& other) {
        return std::tie(one.time, one.log) > std::tie(other.time, other.log);
    });
    return runs;
}

std::optional<LoggedRun> later_run(const fs::path& log, const std::set<std::string>& files) {
    for (auto& run : later_runs(log))
        if (speaks_of(run.log, files)) return std::move(run);
    return std::nullopt;
}

std::set<std::string> changed_later(const fs::path& log) {
    std::set<std::string> files;
    for (const auto& run : later_runs(log)) add_files(run.log, files);
    return files;
}

}  // namespace piaa::cli
