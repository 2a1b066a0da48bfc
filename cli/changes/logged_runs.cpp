#include "changes/logged_runs.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "changes/undo_log.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

std::optional<LoggedRun> logged_run(const fs::path& log) {
    fs::ifstream lines(log, std::ios::binary);
    std::string line;
    std::getline(lines, line);
    const auto head = nlohmann::json::parse(line, nullptr, false);
    if (!head.is_object() || head.value("piaa_undo", nlohmann::json()) != 1) return std::nullopt;
    LoggedRun run{.log = log};
    for (const auto& [name, value] : {std::pair("command", &run.command), {"time", &run.time}})
        if (head.contains(name) && head[name].is_string()) *value = head[name].get<std::string>();
    // A last line without its end is a change that was never begun; a folder is made for what follows.
    while (std::getline(lines, line) && !lines.eof()) {
        const bool is_end = line.starts_with(R"({"did":"undone")");
        run.undone = run.undone || is_end;
        run.changes += !is_end && !line.starts_with(R"({"did":"folder")");
    }
    run.undone = run.undone || !holds_changes(log);
    return run;
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

}  // namespace piaa::cli
