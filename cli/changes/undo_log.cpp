#include "changes/undo_log.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <ostream>
#include <utility>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <piaa/error.h>

#include "changes/undo_values.h"
#include "console/escape.h"
#include "metadata/embedded_xmp.h"
#include "photos/file_hash.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

Json path_json(const fs::path& path) {
    return as_json(fs::absolute(path).lexically_normal().string());
}

std::string utc(const char* format) {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, format, &parts);
    return text;
}

/// A name that no other run has.
fs::path new_log_file() {
    return undo_folder() / (utc("%Y%m%d-%H%M%S-") + std::to_string(::getpid()) + ".jsonl");
}

Json time_json(const fs::path& file) {
    const FileAttributes now = attributes_of(file);
    return {now.modified_seconds, now.modified_nanoseconds};
}

Json attributes_json(const FileAttributes& attributes) {
    Json extended = Json::array();
    for (const auto& [name, value] : attributes.extended) extended.push_back({as_json(name), as_json(value)});
    return {{"owner", attributes.owner},
            {"group", attributes.group},
            {"mode", attributes.mode},
            {"time", {attributes.modified_seconds, attributes.modified_nanoseconds}},
            {"extended", extended}};
}

/// So that a folder which cannot be written to is told once and not for each photo.
void require_folder(const fs::path& file) {
    const fs::path folder = fs::absolute(file).parent_path();
    if (::access(folder.c_str(), W_OK) != 0)
        throw Error(ErrorCode::bad_argument, file.string() + ": cannot be written: " + std::strerror(errno));
}

void require_new(const fs::path& file) {
    if (is_there(file))
        throw Error(ErrorCode::bad_argument,
                    file.string() + ": is there already and is not replaced by an undo log");
}

}  // namespace

fs::path undo_folder() {
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value == '/' ? std::string(value) : std::string();
    };
    const std::string state = set("XDG_STATE_HOME"), home = set("HOME");
    if (state.empty() && home.empty())
        throw Error(ErrorCode::io,
                    "there is no home folder to keep the undo log in; name one with --undo-log");
    return (state.empty() ? fs::path(home) / ".local/state" : fs::path(state)) / "piaa/undo";
}

UndoLog::UndoLog(fs::path file, std::string command) : file_(std::move(file)), command_(std::move(command)) {
    if (file_.empty()) return;
    require_new(file_);
    require_folder(file_);
}

void UndoLog::add(Json entry) {
    if (together_ > 0) entry["together"] = together_;
    for (const auto& file : std::exchange(beside_, {})) entry["beside"].push_back(path_json(file));
    if (!out_.is_open()) {
        const fs::path file = file_.empty() ? new_log_file() : file_;
        boost::system::error_code ignored;
        if (file_.empty()) fs::create_directories(file.parent_path(), ignored);
        require_new(file);
        errno = 0;
        out_.open(file.string(), std::ios::binary);
        if (!out_) throw Error(ErrorCode::io, file.string() + ": cannot be written: " + std::strerror(errno));
        written_ = file;
        out_ << Json{{"piaa_undo", 1}, {"command", command_}, {"time", utc("%Y-%m-%dT%H:%M:%SZ")}}.dump()
             << '\n';
    }
    errno = 0;
    out_ << entry.dump() << '\n' << std::flush;
    if (!out_ && failure_.empty()) failure_ = std::strerror(errno);
    if (!out_) throw Error(ErrorCode::io, written_.string() + ": cannot be written: " + failure_);
}

void UndoLog::will_write(const fs::path& file, const std::optional<std::string>& before,
                         const std::string& after) {
    Json entry = {{"did", "write"},
                  {"path", path_json(file)},
                  {"before", before ? as_json(*before) : Json()},
                  {"after", sha256_of(after)}};
    if (before) entry["time"] = time_json(file);
    add(std::move(entry));
}

void UndoLog::will_splice(const fs::path& file, const Splice& splice, const std::string& before,
                          const std::string& after) {
    add({{"did", "splice"},
         {"path", path_json(file)},
         {"at", splice.at},
         {"removed", as_json(splice.removed)},
         {"inserted", splice.inserted.size()},
         {"before", before},
         {"after", after},
         {"time", time_json(file)}});
}

void UndoLog::will_copy(const fs::path& from, const fs::path& to, const std::string& sha256) {
    add({{"did", "copy"}, {"from", path_json(from)}, {"to", path_json(to)}, {"sha256", sha256}});
}

void UndoLog::will_move(const fs::path& from, const fs::path& to,
                        const std::optional<FileAttributes>& attributes) {
    Json entry = {{"did", "move"}, {"from", path_json(from)}, {"to", path_json(to)}};
    entry.update(signs_of(from));
    if (attributes) entry["attributes"] = attributes_json(*attributes);
    add(std::move(entry));
}

void UndoLog::will_move_link(const fs::path& from, const fs::path& to, const fs::path& text) {
    add({{"did", "move"},
         {"from", path_json(from)},
         {"to", path_json(to)},
         {"link", as_json(text.string())}});
}

void UndoLog::will_relink(const fs::path& link, const fs::path& before, const fs::path& after) {
    add({{"did", "relink"},
         {"path", path_json(link)},
         {"before", as_json(before.string())},
         {"after", as_json(after.string())}});
}

void UndoLog::will_link(const fs::path& from, const fs::path& to) {
    add({{"did", "link"}, {"from", path_json(from)}, {"to", path_json(to)}});
}

void UndoLog::did_make_folder(const fs::path& folder) {
    add({{"did", "folder"}, {"path", path_json(folder)}});
}

UndoNotice::~UndoNotice() {
    if (!quiet_ && !log_.written().empty() && holds_changes(log_.written()))
        err_ << "piaa-batch: to take that back: piaa-batch undo " << printable(log_.written().string())
             << '\n';
}

}  // namespace piaa::cli
