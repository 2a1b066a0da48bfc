#pragma once

#include <map>
#include <set>
#include <string>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json_fwd.hpp>

namespace piaa::cli {

/// What became of one entry of a log.
enum class Undone {
    restored,
    nothing_to_do,  ///< never done, or taken back before
    not_found,      ///< what the run left is not in its place, and not taken back either
    aside           ///< not worth telling
};

/// How changes are taken back.
struct UndoWay {
    bool dry_run = false;  ///< only say what would be done
    /// In a dry run: files that would be in their old place by now, and where they are.
    std::map<std::string, boost::filesystem::path> not_yet_back = {};
    /// Folders and files that the run made, which go when it is undone.
    std::set<std::string> made = {};
};

/// What the change made where nothing was; empty for anything else. Throws what nlohmann's library throws.
std::string made_by(const nlohmann::ordered_json& entry);

/// Takes back one change; what becomes of a folder that was made the other changes decide. Throws Error(io)
/// where the change has to stay, Error(bad_data) and what nlohmann's library throws for an entry that makes
/// no sense.
Undone undo_entry(const nlohmann::ordered_json& entry, const UndoWay& way);

/// The file that an entry speaks of, by its new name where it got one. Throws what nlohmann's library throws.
boost::filesystem::path file_of(const nlohmann::ordered_json& entry);

}  // namespace piaa::cli
