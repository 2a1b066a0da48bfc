#include <algorithm>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/whole_file.h>

#include "changes/companions.h"
#include "changes/logged_runs.h"
#include "changes/safe_file.h"
#include "changes/undo_entry.h"
#include "changes/undo_log.h"
#include "changes/undo_values.h"
#include "console/escape.h"
#include "console/make_folder.h"
#include "metadata/photo_lock.h"
#include "photos/image_format.h"
#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t largest_log = std::size_t{1} << 30;

/// All entries, each with its number; a last line without its end is a change that was never begun, and a
/// program that was killed before its first one may leave an empty log.
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
        if (first) continue;
        entry["number"] = entries.size();
        entries.push_back(std::move(entry));
    }
    if (text.find('\n') == std::string::npos)
        throw Error(ErrorCode::bad_data, log.string() + ": is no undo log and should be one");
    return entries;
}

/// Whether what is in the old place of a moved file, which is gone from the new one, is not that file.
bool is_another_file(const Json& entry) {
    if (entry["did"] != "move" || !entry.contains("size")) return false;
    const Json now = signs_of(from_json(entry.at("from")));
    return !now.empty() && !is_there(from_json(entry.at("to"))) &&
           (now["size"] != entry["size"] || now["time"] != entry["time"]);
}

using Entries = std::vector<Json>;

bool are_together(const Json& one, const Json& other) {
    return one.contains("together") && other.contains("together") && one["together"] == other["together"];
}

/// Notes in a log that all of it was taken back, or all but the entries of these numbers: what later runs
/// did, or undid, with the files is not this run's any more. Left out where the log cannot be written to, or
/// ends within a line.
void note_undone(const fs::path& log, std::size_t rest, const std::set<std::size_t>& left) {
    fs::fstream file(log, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(-1, std::ios::end);
    if (file.get() != '\n') return;
    file.seekp(0, std::ios::end);
    Json note = {{"did", "undone"}};
    if (rest > 0) note.update({{"rest", rest}, {"left", left}});
    file << note.dump() << '\n';
}

bool is_note(const Json& entry) {
    return entry["did"] == "undone";
}

bool is_folder(const Json& entry) {
    return entry["did"] == "folder";
}

/// The numbers of the entries that earlier runs of undo left; nothing where all may be left.
std::optional<std::set<std::size_t>> left_before(const Entries& entries) {
    const auto note = std::find_if(entries.rbegin(), entries.rend(), is_note);
    if (note == entries.rend()) return std::nullopt;
    if (!note->contains("rest")) return std::set<std::size_t>();
    try {
        return note->at("left").get<std::set<std::size_t>>();
    } catch (const std::exception&) {  // of an earlier version, which did not say
        return std::nullopt;
    }
}

/// Takes back the changes of a log, the last first.
class Undoing {
public:
    Undoing(const fs::path& log, Entries entries, bool dry_run, std::ostream& err)
        : log_(log), entries_(std::move(entries)), err_(err) {
        way_.dry_run = dry_run;
        for (const auto& entry : entries_) try {
                if (entry.contains("to")) brought_.insert(from_json(entry["to"]));
                way_.made.insert(made_by(entry));
            } catch (const std::exception&) {
                // Told when it is to be taken back.
            }
        const auto left = left_before(entries_);
        was_undone_ = left && left->empty();
        std::erase_if(entries_, is_note);
        summary_.nothing_to_do += std::erase_if(entries_, [&](const Json& entry) {
            return left && !is_folder(entry) && !left->contains(number_of(entry));
        });
        // A folder goes with the last file, whenever that is taken back.
        if (was_undone_) entries_.clear();
    }

    bool was_undone() const { return was_undone_; }
    const std::set<std::size_t>& left() const { return left_; }

    UndoSummary run() {
        for (auto entry = entries_.rbegin(); entry != entries_.rend();) {
            const auto end = std::find_if_not(std::next(entry), entries_.rend(),
                                              [&](const Json& other) { return are_together(*entry, other); });
            take_back_locked(entry, end);
            entry = end;
        }
        return summary_;
    }

private:
    using Entry = Entries::const_reverse_iterator;

    static std::size_t number_of(const Json& entry) { return entry["number"].get<std::size_t>(); }

    /// The changes of one photo's files, while no other run changes them.
    void take_back_locked(Entry entry, const Entry& end) {
        std::optional<PhotoLock> lock;
        try {
            if (!way_.dry_run) lock.emplace(picture_beside(file_of(*std::prev(end))));
        } catch (const Error& error) {
            say(error.what());
            for (; entry != end; ++entry) refuse(*entry);
            return;
        } catch (const std::exception&) {
            // An entry without a file, which is told when it is to be taken back.
        }
        if (entry->contains("together"))
            take_back_together(entry, end);
        else
            take_back(*entry);
    }

    /// One change, or why it stays.
    void take_back(const Json& entry) {
        try {
            if (is_folder(entry)) return remove_empty(file_of(entry));
            const Undone undone = undo_entry(entry, way_);
            count(undone, entry);
            if (undone != Undone::restored || !entry.contains("to")) return;
            emptied_ = true;
            if (way_.dry_run && entry["did"] == "move")
                way_.not_yet_back.emplace(from_json(entry["from"]), file_of(entry));
        } catch (const std::exception& error) {  // ours, or JSON's for an entry that lacks something
            say(error.what());
            refuse(entry);
        }
    }

    void refuse(const Json& entry) {
        ++summary_.refused;
        note_stuck(entry);
    }

    void count(Undone undone, const Json& entry) {
        if (undone == Undone::restored) ++summary_.restored;
        if (undone == Undone::nothing_to_do) ++summary_.nothing_to_do;
        if (undone != Undone::not_found) return;
        note_stuck(entry);
        if (++summary_.not_found <= 3) summary_.first_not_found.push_back(file_of(entry));
    }

    void note_stuck(const Json& entry) {
        left_.insert(number_of(entry));
        try {
            summary_.stuck.insert(file_of(entry).string());
        } catch (const std::exception&) {
            // An entry without a file, which was told.
        }
    }

    /// The changes of one photo's files, or why all of them stay.
    void take_back_together(Entry entry, const Entry& end) {
        const Json& photo = *std::prev(end);
        std::vector<std::string> reasons, others;
        std::vector<std::pair<Undone, const Json*>> idle;
        for (auto each = entry; each != end; ++each) {
            try {
                const Undone undone = undo_entry(*each, {.dry_run = true, .made = way_.made});
                if (undone == Undone::restored)
                    others.push_back(file_of(*each).string());
                else
                    idle.emplace_back(undone, &*each);
            } catch (const std::exception& error) {
                reasons.emplace_back(error.what());
            }
        }
        const std::size_t refused = others.size() + reasons.size();
        if (!others.empty() && is_another_file(photo))
            reasons.push_back(from_json(photo["from"]) + ": is another file than the one that was moved");
        std::vector<Companion> companions;
        std::optional<std::string> bound;
        if (reasons.empty() && !others.empty()) {
            companions = companions_of(entry, end);
            bound = why_it_stays(photo, companions);
        }
        // First, since after the photo nothing tells whose they are.
        if (reasons.empty() && !bound) take_along(companions, reasons);
        if (reasons.empty() && !bound) {
            for (; entry != end; ++entry) take_back(*entry);
            return;
        }
        if (bound)
            say(*bound);
        else
            for (const auto& other : others)
                reasons.push_back(other + ": stays with the other files of its photo");
        for (const auto& reason : reasons) say(reason);
        summary_.refused += refused;
        for (const auto& [undone, each] : idle) count(undone, *each);
        for (; entry != end; ++entry) note_stuck(*entry);
        for (const auto& companion : companions) summary_.stuck.insert(companion.file.string());
    }

    /// What the photo got at its new place, before it goes back.
    std::vector<Companion> companions_of(Entry entry, const Entry& end) {
        const Json& photo = *std::prev(end);
        if (!photo.contains("to")) return {};
        const fs::path to = from_json(photo["to"]);
        if (!has_image_suffix(to) || !is_there(to)) return {};
        std::set<std::string> own, beside;
        for (; entry != end; ++entry)
            if (entry->contains("to")) own.insert(from_json((*entry)["to"]));
        for (const auto& file : photo.value("beside", Json::array())) beside.insert(from_json(file));
        const auto owner = [&](const fs::path& file) {
            if (own.contains(file.string())) return Owner::photo;
            const bool others = beside.contains(file.string()) || brought_.contains(file.string());
            return others ? Owner::another : Owner::unknown;
        };
        return companions_since(from_json(photo.at("from")), to, owner, names_);
    }

    /// Why a photo is not parted from what it got since, where it cannot take that along.
    std::optional<std::string> why_it_stays(const Json& photo, const std::vector<Companion>& companions) {
        for (const auto& [file, back] : companions) {
            const std::string stays =
                from_json(photo["to"]) + ": is left as it is with " + file.string() + ", which came since";
            if (photo["did"] != "move") return stays;
            if (!changed_later_) changed_later_ = changed_later(log_);
            if (changed_later_->contains(file.string())) return stays + " by a later run";
            if (back.empty()) return stays + " and has no name beside " + from_json(photo["from"]);
            if (is_there(back)) return stays + ", as there is another " + back.string();
        }
        return std::nullopt;
    }

    void take_along(const std::vector<Companion>& companions, std::vector<std::string>& reasons) {
        try {
            for (const auto& [file, back] : companions) {
                if (!way_.dry_run) {
                    make_folder(back.parent_path());
                    move_file(file, back);
                }
                ++summary_.came_along;
            }
        } catch (const Error& error) {
            reasons.emplace_back(error.what());
        }
    }

    /// A folder that was made for photos goes with the last of them, and stays with what else is in it; or
    /// where none went from it now, as it may be another run's since.
    void remove_empty(const fs::path& folder) const {
        boost::system::error_code ignored;
        if (!way_.dry_run && emptied_ && fs::symlink_status(folder, ignored).type() == fs::directory_file)
            fs::remove(folder, ignored);
    }

    void say(const std::string& sentence) { err_ << "piaa-batch: " << printable(sentence) << '\n'; }

    const fs::path& log_;
    Entries entries_;  ///< those that are not taken back yet
    UndoWay way_;
    std::ostream& err_;
    std::set<std::string> brought_;  ///< files
    FolderNames names_;
    std::optional<std::set<std::string>> changed_later_;  ///< once it is asked for
    bool was_undone_ = false;                             ///< as a whole, before
    std::set<std::size_t> left_;                          ///< numbers of the entries that stay as they are
    bool emptied_ = false;  ///< something went from where the run had brought it
    UndoSummary summary_;
};

}  // namespace

bool holds_changes(const fs::path& log) {
    fs::ifstream lines(log, std::ios::binary);
    std::string line;
    std::getline(lines, line);  // what the log is
    UndoWay way{.dry_run = true};
    while (std::getline(lines, line) && !lines.eof()) try {
            const Json entry = Json::parse(line);
            way.made.insert(made_by(entry));
            const Undone undone = undo_entry(entry, way);
            if (undone == Undone::restored || undone == Undone::not_found) return true;
        } catch (const std::exception&) {
            return true;  // there is more to say of it
        }
    return false;
}

UndoSummary undo(const fs::path& log, bool dry_run, std::ostream& err) {
    Undoing undoing(log, read_entries(log), dry_run, err);
    UndoSummary summary = undoing.run();
    if (!dry_run && !undoing.was_undone())
        note_undone(log, summary.refused + summary.not_found, undoing.left());
    return summary;
}

}  // namespace piaa::cli
