#pragma once

#include <nlohmann/json_fwd.hpp>

namespace piaa::cli {

/// What became of one entry of a log.
enum class Undone {
    restored,
    nothing_to_do,  ///< never done, or taken back before
    aside           ///< not worth telling
};

/// Takes back one change; what becomes of a folder that was made the other changes decide. dry_run: only says
/// what it would do. Throws Error(io) where the change has to stay, Error(bad_data) and what nlohmann's
/// library throws for an entry that makes no sense.
Undone undo_entry(const nlohmann::ordered_json& entry, bool dry_run);

}  // namespace piaa::cli
