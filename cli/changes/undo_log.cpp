#include "changes/undo_log.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <ostream>
#include <vector>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <piaa/error.h>
#include <piaa/whole_file.h>

#include "changes/safe_file.h"
#include "console/base64.h"
#include "console/escape.h"
#include "metadata/embedded_xmp.h"
#include "photos/file_hash.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t largest_log = std::size_t{1} << 30;
constexpr std::size_t largest_photo = std::size_t{1} << 30;

/// Text as it is; bytes that are not UTF-8, which JSON cannot hold, as base64.
Json as_json(const std::string& bytes) {
    if (percent_escaped(bytes) == bytes) return bytes;
    return {{"base64", base64(bytes)}};
}

std::string from_json(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    const auto bytes = from_base64(value.at("base64").get<std::string>());
    if (!bytes) throw Error(ErrorCode::bad_data, "a value is no base64");
    return *bytes;
}

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
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value == '/' ? std::string(value) : std::string();
    };
    const std::string state = set("XDG_STATE_HOME"), home = set("HOME");
    if (state.empty() && home.empty())
        throw Error(ErrorCode::io,
                    "there is no home folder to keep the undo log in; name one with --undo-log");
    const fs::path folder = (state.empty() ? fs::path(home) / ".local/state" : fs::path(state)) / "piaa/undo";
    return folder / (utc("%Y%m%d-%H%M%S-") + std::to_string(::getpid()) + ".jsonl");
}

/// What became of one entry.
enum class Undone { restored, nothing_to_do };

bool there(const fs::path& file) {
    boost::system::error_code ignored;
    return fs::symlink_status(file, ignored).type() > fs::file_not_found;
}

Error changed_since(const fs::path& file) {
    return Error(ErrorCode::io, file.string() + ": was changed since and is left as it is");
}

Json time_json(const fs::path& file) {
    const FileAttributes now = attributes_of(file);
    return {now.modified_seconds, now.modified_nanoseconds};
}

/// Sets the time that the file had before.
void restore_time(const fs::path& file, const Json& entry) {
    if (!entry.contains("time") || !entry["time"].is_array()) return;
    FileAttributes attributes = attributes_of(file);
    attributes.modified_seconds = entry["time"].at(0).get<std::int64_t>();
    attributes.modified_nanoseconds = entry["time"].at(1).get<std::int64_t>();
    set_attributes(file, attributes, true);
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

/// What the place where the file was did not hold; what somebody gave it there stays.
void restore_attributes(const fs::path& file, const Json& lost) {
    const FileAttributes now = attributes_of(file);
    FileAttributes all{.owner = lost.at("owner").get<std::uint32_t>(),
                       .group = lost.at("group").get<std::uint32_t>(),
                       .mode = lost.at("mode").get<std::uint32_t>(),
                       .modified_seconds = lost.at("time").at(0).get<std::int64_t>(),
                       .modified_nanoseconds = lost.at("time").at(1).get<std::int64_t>(),
                       .extended = now.extended};
    for (const auto& each : lost.at("extended"))
        all.extended.emplace(from_json(each.at(0)), from_json(each.at(1)));
    set_attributes(file, all, true);
}

Undone undo_write(const Json& entry, bool dry_run) {
    const fs::path file = from_json(entry.at("path"));
    const auto& before = entry.at("before");
    const std::string hash = there(file) ? sha256_of_file(file) : "";
    if (hash == (before.is_null() ? "" : sha256_of(from_json(before)))) return Undone::nothing_to_do;
    if (hash != entry.at("after").get<std::string>()) throw changed_since(file);
    if (dry_run) return Undone::restored;
    if (before.is_null()) {
        remove_file(file);
    } else {
        const std::string bytes = from_json(before);
        write_whole_file(file, std::as_bytes(std::span(bytes)), Keep::all);
        restore_time(file, entry);
    }
    return Undone::restored;
}

Undone undo_splice(const Json& entry, bool dry_run) {
    const fs::path file = from_json(entry.at("path"));
    const auto before = entry.at("before").get<std::string>();
    const auto bytes = read_whole_file(file, largest_photo);
    const std::string_view now(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::string hash = sha256_of(now);
    if (hash == before) return Undone::nothing_to_do;
    if (hash != entry.at("after").get<std::string>()) throw changed_since(file);
    const auto at = entry.at("at").get<std::size_t>(), length = entry.at("inserted").get<std::size_t>();
    if (at > now.size()) throw Error(ErrorCode::bad_data, "a place is outside its file");
    const std::string restored =
        spliced(now, {at, std::string(now.substr(at, length)), from_json(entry.at("removed"))});
    if (sha256_of(restored) != before) throw Error(ErrorCode::bad_data, "an entry does not restore its file");
    if (dry_run) return Undone::restored;
    write_whole_file(file, std::as_bytes(std::span(restored)), Keep::all);
    restore_time(file, entry);
    return Undone::restored;
}

/// What a program that was killed leaves on simple file systems: a part of a copy, or an empty file that
/// holds a name for `from`. Returns whether that was all.
bool clear_unfinished(const fs::path& from, const fs::path& to, bool dry_run) {
    if (!dry_run) ::unlink(unfinished_copy(to).c_str());
    struct stat holder {
    }, file{};
    if (::lstat(to.c_str(), &holder) != 0 || !S_ISREG(holder.st_mode) || holder.st_size > 0) return false;
    if (::lstat(from.c_str(), &file) != 0 || file.st_size == 0) return false;
    if (!dry_run) remove_file(to);
    return true;
}

Undone undo_copy(const Json& entry, bool dry_run) {
    const fs::path to = from_json(entry.at("to"));
    if (clear_unfinished(from_json(entry.at("from")), to, dry_run)) return Undone::restored;
    if (!there(to)) return Undone::nothing_to_do;
    if (sha256_of_file(to) != entry.at("sha256").get<std::string>()) throw changed_since(to);
    if (!there(from_json(entry.at("from"))))
        throw Error(ErrorCode::io,
                    to.string() + ": is left as it is, because what it was copied from is gone");
    if (!dry_run) remove_file(to);
    return Undone::restored;
}

Undone undo_move(const Json& entry, bool dry_run) {
    const fs::path from = from_json(entry.at("from")), to = from_json(entry.at("to"));
    if (clear_unfinished(from, to, dry_run)) return Undone::restored;
    if (!there(to)) return Undone::nothing_to_do;
    const bool is_link = entry.contains("link");
    if (there(from)) {
        // Stopped between the copy and the end of the original.
        if (is_link
                ? !link_text(to) || !link_text(from)
                : fs::is_symlink(from) || fs::is_symlink(to) || sha256_of_file(from) != sha256_of_file(to))
            throw Error(ErrorCode::io, from.string() + ": is there again, so " + to.string() + " stays");
        if (!dry_run) remove_file(to);
        return Undone::restored;
    }
    if (is_link && !link_text(to)) throw changed_since(to);
    if (dry_run) return Undone::restored;
    if (is_link) {
        link_like(from_json(entry["link"]), from, to);
        remove_file(to);
        return Undone::restored;
    }
    move_file(to, from);
    if (entry.contains("attributes")) restore_attributes(from, entry["attributes"]);
    return Undone::restored;
}

Undone undo_relink(const Json& entry, bool dry_run) {
    const fs::path link = from_json(entry.at("path")), before = from_json(entry.at("before"));
    const auto now = link_text(link);
    if (now == before) return Undone::nothing_to_do;
    if (!now || *now != from_json(entry.at("after"))) throw changed_since(link);
    if (!dry_run) relink_file(before, link);
    return Undone::restored;
}

Undone undo_link(const Json& entry, bool dry_run) {
    const fs::path from = from_json(entry.at("from")), to = from_json(entry.at("to"));
    if (!there(to)) return Undone::nothing_to_do;
    boost::system::error_code no_link;
    if (fs::read_symlink(to, no_link) != from || no_link) throw changed_since(to);
    if (!dry_run) remove_file(to);
    return Undone::restored;
}

Undone undo_entry(const Json& entry, bool dry_run) {
    const auto what = entry.at("did").get<std::string>();
    if (what == "write") return undo_write(entry, dry_run);
    if (what == "splice") return undo_splice(entry, dry_run);
    if (what == "copy") return undo_copy(entry, dry_run);
    if (what == "move") return undo_move(entry, dry_run);
    if (what == "relink") return undo_relink(entry, dry_run);
    if (what == "link") return undo_link(entry, dry_run);
    throw Error(ErrorCode::bad_data, "'" + what + "' is nothing that can be undone");
}

/// All entries; a last line without its end is a change that was never begun, and a program that was killed
/// before its first one may leave an empty log.
std::vector<Json> read_entries(const fs::path& log) {
    const auto bytes = read_whole_file(log, largest_log);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::vector<Json> entries;
    if (text.empty()) return entries;
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
        auto entry = Json::parse(text.substr(at, end - at), nullptr, false);
        const bool first = at == 0;
        if (!entry.is_object() || !entry.contains(first ? "piaa_undo" : "did"))
            throw Error(ErrorCode::bad_data, log.string() + ": is no undo log and should be one");
        if (first && entry["piaa_undo"] != 1)
            throw Error(ErrorCode::bad_data,
                        log.string() + ": is an undo log of another version of piaa-batch");
        if (!first) entries.push_back(std::move(entry));
    }
    if (text.find('\n') == std::string::npos)
        throw Error(ErrorCode::bad_data, log.string() + ": is no undo log and should be one");
    return entries;
}

}  // namespace

UndoLog::UndoLog(fs::path file, std::string command) : file_(std::move(file)), command_(std::move(command)) {}

void UndoLog::add(const Json& entry) {
    if (!out_.is_open()) {
        const fs::path file = file_.empty() ? new_log_file() : file_;
        boost::system::error_code ignored;
        if (file_.empty()) fs::create_directories(file.parent_path(), ignored);
        if (there(file))
            throw Error(ErrorCode::io,
                        file.string() + ": is there already and is not replaced by an undo log");
        errno = 0;
        out_.open(file.string(), std::ios::binary);
        if (!out_) throw Error(ErrorCode::io, file.string() + ": cannot be written: " + std::strerror(errno));
        written_ = file;
        out_ << Json{{"piaa_undo", 1}, {"command", command_}, {"time", utc("%Y-%m-%dT%H:%M:%SZ")}}.dump()
             << '\n';
    }
    errno = 0;
    out_ << entry.dump() << '\n' << std::flush;
    if (!out_) throw Error(ErrorCode::io, written_.string() + ": cannot be written: " + std::strerror(errno));
}

void UndoLog::will_write(const fs::path& file, const std::optional<std::string>& before,
                         const std::string& after) {
    Json entry = {{"did", "write"},
                  {"path", path_json(file)},
                  {"before", before ? as_json(*before) : Json()},
                  {"after", sha256_of(after)}};
    if (before) entry["time"] = time_json(file);
    add(entry);
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
    if (attributes) entry["attributes"] = attributes_json(*attributes);
    add(entry);
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

UndoNotice::~UndoNotice() {
    if (!log_.written().empty() && !quiet_)
        err_ << "piaa-batch: to take that back: piaa-batch undo " << printable(log_.written().string())
             << '\n';
}

UndoSummary undo(const fs::path& log, bool dry_run, std::ostream& err) {
    const auto entries = read_entries(log);
    UndoSummary summary;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        try {
            const Undone done = undo_entry(*entry, dry_run);
            ++(done == Undone::restored ? summary.restored : summary.nothing_to_do);
        } catch (const std::exception& error) {  // ours, or JSON's for an entry that lacks something
            ++summary.refused;
            err << "piaa-batch: " << printable(error.what()) << '\n';
        }
    }
    return summary;
}

}  // namespace piaa::cli
