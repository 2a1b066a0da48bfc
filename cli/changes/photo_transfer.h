#pragma once

#include <set>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "changes/photo_action.h"
#include "changes/undo_log.h"

namespace piaa::cli {

enum class TransferKind { copy, move, link };

/// Brings photos into one folder, with their sidecars and, of a pair, the RAW file. Nothing is ever replaced:
/// where a name is taken by another file, "beach.jpg" becomes "beach-2.jpg", and its sidecar with it; where
/// the same bytes are there already, nothing is done. Copies are read back and compared before they get their
/// name.
class PhotoTransfer : public PhotoAction {
public:
    /// folder: made when it is not there. log: must outlive this object. Throws Error(io) when the folder
    /// cannot be made or is a file.
    PhotoTransfer(TransferKind kind, const boost::filesystem::path& folder, bool dry_run, UndoLog& log,
                  std::ostream& err);

    void take(const nlohmann::ordered_json& record) override;
    void finish(std::ostream& err, bool quiet) override;

private:
    struct Item {
        boost::filesystem::path from, to;
        bool there = false;  ///< already, with the same content
    };
    /// Names for all files of a photo; all of them get the same number where one is taken.
    std::vector<Item> named(const std::vector<boost::filesystem::path>& files) const;
    void bring(const Item& item);

    TransferKind kind_;
    boost::filesystem::path folder_;
    bool dry_run_;
    UndoLog& log_;
    std::ostream& err_;
    std::set<std::string> promised_;  ///< names that a dry run gave away
    std::size_t photos_ = 0, files_ = 0, there_ = 0;
};

}  // namespace piaa::cli
