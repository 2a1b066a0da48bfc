#include "changes/undo_entry.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <piaa/error.h>
#include <piaa/file_attributes.h>
#include <piaa/unfinished_file.h>
#include <piaa/whole_file.h>

#include "changes/safe_file.h"
#include "changes/undo_values.h"
#include "console/make_folder.h"
#include "metadata/embedded_xmp.h"
#include "photos/file_hash.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t largest_photo = std::size_t{1} << 30;

Error changed_since(const fs::path& file) {
    return Error(ErrorCode::io, file.string() + ": was changed since and is left as it is");
}

/// Sets the time that the file had before.
void restore_time(const fs::path& file, const Json& entry) {
    if (!entry.contains("time") || !entry["time"].is_array()) return;
    FileAttributes attributes = attributes_of(file);
    attributes.modified_seconds = entry["time"].at(0).get<std::int64_t>();
    attributes.modified_nanoseconds = entry["time"].at(1).get<std::int64_t>();
    set_attributes(file, attributes, true);
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

/// What a program that was killed left as it wrote the file, or took that back.
void clear_unfinished_write(const fs::path& file, const std::string& before, const std::string& after) {
    boost::system::error_code none;
    const fs::path real = fs::canonical(file, none);
    for (const auto& sha256 : {before, after})
        if (!sha256.empty()) clear_unfinished(unfinished_file(none ? file : real, sha256));
}

/// The file of an entry that was written to, where it is.
fs::path written_file(const Json& entry, const UndoWay& way) {
    const std::string file = from_json(entry.at("path"));
    const auto moved = way.not_yet_back.find(file);
    return moved == way.not_yet_back.end() ? fs::path(file) : moved->second;
}

/// Whether a sidecar that is not there was taken away from its photo, or went with it.
bool is_photo_there(const fs::path& new_sidecar, const UndoWay& way) {
    const fs::path photo = fs::path(new_sidecar).replace_extension();
    return is_there(photo) || way.not_yet_back.contains(photo.string());
}

/// Whether a copy or link that is not there went with a folder that is not the run's own.
bool went_with_folder(const fs::path& to, const UndoWay& way) {
    const fs::path folder = to.parent_path();
    return !is_there(folder) && !way.made.contains(folder.string());
}

Undone undo_write(const Json& entry, const UndoWay& way) {
    const fs::path file = written_file(entry, way);
    const auto& before = entry.at("before");
    const std::string hash_before = before.is_null() ? "" : sha256_of(from_json(before));
    if (!way.dry_run) clear_unfinished_write(file, hash_before, entry.at("after").get<std::string>());
    if (!is_there(file))
        return before.is_null() && is_photo_there(file, way) ? Undone::nothing_to_do : Undone::not_found;
    const std::string hash = sha256_of_file(file);
    if (hash == hash_before) return Undone::nothing_to_do;
    if (hash != entry.at("after").get<std::string>()) throw changed_since(file);
    if (way.dry_run) return Undone::restored;
    if (before.is_null()) {
        remove_file(file);
    } else {
        const std::string bytes = from_json(before);
        write_whole_file(file, std::as_bytes(std::span(bytes)), Keep::all);
        restore_time(file, entry);
    }
    return Undone::restored;
}

Undone undo_splice(const Json& entry, const UndoWay& way) {
    const fs::path file = written_file(entry, way);
    const auto before = entry.at("before").get<std::string>();
    if (!way.dry_run) clear_unfinished_write(file, before, entry.at("after").get<std::string>());
    if (!is_there(file)) return Undone::not_found;
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
    if (way.dry_run) return Undone::restored;
    write_whole_file(file, std::as_bytes(std::span(restored)), Keep::all);
    restore_time(file, entry);
    return Undone::restored;
}

/// What a program that was killed leaves on simple file systems: a part of a copy, or an empty file that
/// holds a name for `from`. Returns whether that was all.
bool clear_unfinished_copy(const fs::path& from, const fs::path& to, const std::string& sha256,
                           bool dry_run) {
    if (!dry_run && !sha256.empty()) clear_unfinished(unfinished_file(to, sha256));
    struct stat holder {
    }, file{};
    if (::lstat(to.c_str(), &holder) != 0 || !S_ISREG(holder.st_mode) || holder.st_size > 0) return false;
    if (::lstat(from.c_str(), &file) != 0 || file.st_size == 0) return false;
    if (!dry_run) remove_file(to);
    return true;
}

Undone undo_copy(const Json& entry, const UndoWay& way) {
    const fs::path to = from_json(entry.at("to"));
    if (clear_unfinished_copy(from_json(entry.at("from")), to, entry.at("sha256").get<std::string>(),
                              way.dry_run))
        return Undone::restored;
    if (!is_there(to)) return went_with_folder(to, way) ? Undone::not_found : Undone::nothing_to_do;
    if (sha256_of_file(to) != entry.at("sha256").get<std::string>()) throw changed_since(to);
    if (!is_there(from_json(entry.at("from"))))
        throw Error(ErrorCode::io,
                    to.string() + ": is left as it is, because what it was copied from is gone");
    if (!way.dry_run) remove_file(to);
    return Undone::restored;
}

Undone undo_move(const Json& entry, const UndoWay& way) {
    const fs::path from = from_json(entry.at("from")), to = from_json(entry.at("to"));
    boost::system::error_code ignored;
    const bool copied = !way.dry_run && entry.contains("attributes") && fs::is_regular_file(from, ignored);
    if (clear_unfinished_copy(from, to, copied ? sha256_of_file(from) : "", way.dry_run))
        return Undone::restored;
    if (!is_there(to)) {
        const bool is_as_before = is_there(from) || way.made.contains(from.string());
        return is_as_before ? Undone::nothing_to_do : Undone::not_found;
    }
    const bool is_link = entry.contains("link");
    if (is_there(from)) {
        // Stopped between the copy and the end of the original.
        if (is_link
                ? !link_text(to) || !link_text(from)
                : fs::is_symlink(from) || fs::is_symlink(to) || sha256_of_file(from) != sha256_of_file(to))
            throw Error(ErrorCode::io, from.string() + ": is there again, so " + to.string() + " stays");
        if (!way.dry_run) remove_file(to);
        return Undone::restored;
    }
    if (is_link && !link_text(to)) throw changed_since(to);
    if (way.dry_run) return Undone::restored;
    make_folder(from.parent_path());
    if (is_link) {
        link_like(from_json(entry["link"]), from, to);
        remove_file(to);
        return Undone::restored;
    }
    move_file(to, from);
    if (entry.contains("attributes")) restore_attributes(from, entry["attributes"]);
    return Undone::restored;
}

Undone undo_relink(const Json& entry, const UndoWay& way) {
    const fs::path link = from_json(entry.at("path")), before = from_json(entry.at("before"));
    const fs::path after = from_json(entry.at("after"));
    if (!way.dry_run)
        for (const auto& text : {before, after}) clear_unfinished_link(link, text);
    if (!is_there(link)) return Undone::not_found;
    const auto now = link_text(link);
    if (now == before) return Undone::nothing_to_do;
    if (!now || *now != after) throw changed_since(link);
    if (!way.dry_run) relink_file(before, link);
    return Undone::restored;
}

Undone undo_link(const Json& entry, const UndoWay& way) {
    const fs::path from = from_json(entry.at("from")), to = from_json(entry.at("to"));
    if (!is_there(to)) return went_with_folder(to, way) ? Undone::not_found : Undone::nothing_to_do;
    boost::system::error_code no_link;
    if (fs::read_symlink(to, no_link) != from || no_link) throw changed_since(to);
    if (!way.dry_run) remove_file(to);
    return Undone::restored;
}

}  // namespace

Undone undo_entry(const Json& entry, const UndoWay& way) {
    const auto what = entry.at("did").get<std::string>();
    if (what == "folder" || what == "undone") return Undone::aside;
    if (what == "write") return undo_write(entry, way);
    if (what == "splice") return undo_splice(entry, way);
    if (what == "copy") return undo_copy(entry, way);
    if (what == "move") return undo_move(entry, way);
    if (what == "relink") return undo_relink(entry, way);
    if (what == "link") return undo_link(entry, way);
    throw Error(ErrorCode::bad_data, "'" + what + "' is nothing that can be undone");
}

std::string made_by(const Json& entry) {
    const bool made =
        entry.at("did") == "folder" || (entry["did"] == "write" && entry.at("before").is_null());
    return made ? from_json(entry.at("path")) : "";
}

fs::path file_of(const Json& entry) {
    return from_json(entry.at(entry.contains("to") ? "to" : "path"));
}

}  // namespace piaa::cli
