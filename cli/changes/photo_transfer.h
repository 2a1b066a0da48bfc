#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "changes/photo_action.h"
#include "changes/undo_log.h"
#include "photos/photo_family.h"
#include "photos/photo_list.h"

namespace piaa::cli {

enum class TransferKind { copy, move, link };

/// Brings photos into one folder, each with all of its files (RAW, JPEG and HEIC of one name, every sidecar),
/// together or not at all. Nothing is ever replaced: where a name is taken by another file, "beach.jpg"
/// becomes "beach-2.jpg", and its sidecars with it; where the same bytes are there already, nothing is done.
/// Copies are read back and compared before they get their name. Links to what was moved lead to its new
/// place, and a link that is moved leads to where it led.
class PhotoTransfer : public PhotoAction {
public:
    /// folder: made when it is not there. log: must outlive this object. Throws Error(io) when the folder
    /// cannot be made or is a file.
    PhotoTransfer(TransferKind kind, const boost::filesystem::path& folder, bool dry_run, UndoLog& log,
                  std::ostream& err);

    /// Takes away the folder that it made where nothing came into it.
    ~PhotoTransfer() override;
    PhotoTransfer(const PhotoTransfer&) = delete;
    PhotoTransfer& operator=(const PhotoTransfer&) = delete;

    /// Tells of a photo, and of links to it that the list passed over, before it is taken.
    void know(const Photo& photo);
    /// Whether a file, by any spelling of its path, is another one of a photo that was told of or taken.
    bool is_companion(const boost::filesystem::path& named);
    void take(const nlohmann::ordered_json& record) override;
    /// A photo whose sidecar could not be written: it stays where it is, and is counted.
    void leave() { ++left_; }
    void finish(std::ostream& err, bool quiet) override;

private:
    struct Item {
        boost::filesystem::path from, to;
        bool there = false;  ///< already, with the same content
    };
    /// Links that led to a moved file, by the file's own path: the link and what it said.
    struct Link {
        boost::filesystem::path file, text, target;
    };
    /// Names for all files of a photo; all of them get the same number where one is taken.
    std::vector<Item> named(const std::vector<boost::filesystem::path>& files) const;
    bool is_there(const Item& item) const;
    void bring(const Item& item);
    void bring_together(const std::vector<Item>& items);
    void note_folders(const std::vector<Item>& items);
    std::vector<boost::filesystem::path> beside(const Item& photo);
    void take_back(const Item& item);
    void tell(const std::vector<Item>& items, const std::vector<Link>& links);
    std::vector<Link> links_to(const std::vector<Item>& items);
    void relink(const std::vector<Item>& items, const std::vector<Link>& links);

    TransferKind kind_;
    boost::filesystem::path folder_;
    bool dry_run_;
    UndoLog& log_;
    std::ostream& err_;
    FolderNames names_;
    FolderNames before_;           ///< what the folder held before the first photo came
    std::set<std::string> taken_;  ///< files that were brought, by own_path()
    std::set<std::string> known_;  ///< photos that were told of, by own_path()
    std::map<std::string, std::vector<boost::filesystem::path>> links_;  ///< by the photo's path
    std::map<std::string, boost::filesystem::path> promised_;            ///< names that a dry run gave away
    std::vector<boost::filesystem::path> made_;  ///< folders not noted yet, the innermost first
    std::size_t photos_ = 0, files_ = 0, there_ = 0, relinked_ = 0, without_attributes_ = 0, left_ = 0;
};

}  // namespace piaa::cli
