#include "changes/photo_transfer.h"

#include <algorithm>
#include <optional>
#include <ostream>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <piaa/error.h>
#include <piaa/file_attributes.h>

#include "changes/safe_file.h"
#include "console/counted.h"
#include "console/escape.h"
#include "console/make_folder.h"
#include "metadata/photo_lock.h"
#include "photos/file_hash.h"
#include "photos/name_spellings.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

const char* verb_of(TransferKind kind) {
    return kind == TransferKind::copy ? "copied" : kind == TransferKind::move ? "moved" : "linked";
}

/// "beach.jpg" -> "beach-2.jpg", "beach.jpg.xmp" -> "beach-2.jpg.xmp"; stem is "beach" for both. What is
/// called otherwise gets the number before its suffix.
std::string numbered(const std::string& name, const std::string& stem, int number) {
    if (number < 2) return name;
    std::string start = fs::path(name).stem().string();
    for (const auto& spelling : spellings(stem))
        if (name.starts_with(spelling)) start = spelling;
    return start + "-" + std::to_string(number) + name.substr(start.size());
}

bool there(const fs::path& path) {
    boost::system::error_code ignored;
    return fs::symlink_status(path, ignored).type() > fs::file_not_found;
}

fs::path whole_path(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

/// Where a path leads in the end; the path itself where that cannot be told.
fs::path real_path(const fs::path& path) {
    boost::system::error_code problem;
    const fs::path real = fs::canonical(path, problem);
    return problem ? whole_path(path) : real;
}

/// A path itself, whatever it is, by the real name of its folder.
fs::path own_path(const fs::path& path) {
    const fs::path folder = path.parent_path();
    return real_path(folder.empty() ? fs::path(".") : folder) / path.filename();
}

/// Whether the name already holds what would be brought under it.
bool same_content(const fs::path& from, const fs::path& to, TransferKind kind) {
    boost::system::error_code problem;
    if (kind == TransferKind::link)
        return fs::read_symlink(to, problem) == whole_path(from) || own_path(to) == own_path(from);
    if (fs::symlink_status(to, problem).type() != fs::regular_file) return false;
    // A move must not lose the photo because it is there twice, unless both names are one file.
    if (kind == TransferKind::move) return fs::equivalent(from, to, problem) && !problem;
    return fs::file_size(from, problem) == fs::file_size(to, problem) && !problem &&
           sha256_of_file(from) == sha256_of_file(to);
}

bool on_other_device(const fs::path& file, const fs::path& folder) {
    struct stat one {
    }, other{};
    return ::lstat(file.c_str(), &one) == 0 && ::stat(folder.c_str(), &other) == 0 &&
           one.st_dev != other.st_dev;
}

}  // namespace

PhotoTransfer::PhotoTransfer(TransferKind kind, const fs::path& folder, bool dry_run, UndoLog& log,
                             std::ostream& err)
    : kind_(kind), folder_(folder), dry_run_(dry_run), log_(log), err_(err) {
    boost::system::error_code problem;
    if (!dry_run) {
        for (fs::path missing = whole_path(folder); !missing.empty() && !there(missing);
             missing = missing.parent_path())
            made_.push_back(missing);
        make_folder(folder);
    }
    if (there(folder) && !fs::is_directory(folder, problem))
        throw Error(ErrorCode::io, folder.string() + ": is a file and should be a folder");
}

PhotoTransfer::~PhotoTransfer() {
    boost::system::error_code not_empty;
    for (const auto& folder : made_)
        if (!fs::remove(folder, not_empty)) return;
}

bool PhotoTransfer::is_there(const Item& item) const {
    // In a dry run the name holds what was promised to be brought under it.
    const auto promised = promised_.find(item.to.string());
    if (promised == promised_.end()) return there(item.to) && same_content(item.from, item.to, kind_);
    return kind_ == TransferKind::copy && same_content(item.from, promised->second, kind_);
}

std::vector<PhotoTransfer::Item> PhotoTransfer::named(const std::vector<fs::path>& files) const {
    const std::string stem = files.front().stem().string();
    for (int number = 1;; ++number) {
        std::vector<Item> items;
        for (const auto& file : files) {
            Item item{file, folder_ / numbered(file.filename().string(), stem, number)};
            item.there = is_there(item);
            if (!item.there && (promised_.contains(item.to.string()) || there(item.to))) break;
            items.push_back(std::move(item));
        }
        if (items.size() == files.size()) return items;
    }
}

void PhotoTransfer::bring(const Item& item) {
    std::vector<std::string> missed;
    if (kind_ == TransferKind::copy) {
        const std::string hash = sha256_of_file(item.from);
        log_.will_copy(item.from, item.to, hash);
        missed = copy_file(item.from, item.to, hash);
    } else if (kind_ == TransferKind::link) {
        log_.will_link(item.from, item.to);
        link_file(whole_path(item.from), item.to);
    } else if (const auto text = link_text(item.from)) {
        log_.will_move_link(item.from, item.to, *text);
        link_like(real_path(item.from), item.to, item.from);
        remove_file(item.from);
    } else {
        std::optional<FileAttributes> attributes;
        if (on_other_device(item.from, folder_)) attributes = attributes_of(item.from);
        log_.will_move(item.from, item.to, attributes);
        missed = move_file(item.from, item.to);
    }
    if (!missed.empty()) ++without_attributes_;
}

/// Files of the folder that will be taken for this photo's once it is there.
std::vector<fs::path> PhotoTransfer::beside(const Item& photo) {
    auto files = files_of_photo(photo.to, before_);
    std::erase(files, photo.to);
    return files;
}

void PhotoTransfer::take_back(const Item& item) {
    if (kind_ == TransferKind::move && !link_text(item.to))
        move_file(item.to, item.from);
    else if (kind_ != TransferKind::move)
        remove_file(item.to);
    else {
        link_like(real_path(item.to), item.from, item.to);
        remove_file(item.to);
    }
}

/// All files of a photo, or none.
void PhotoTransfer::bring_together(const std::vector<Item>& items) {
    std::vector<const Item*> brought;
    try {
        for (const auto& item : items) {
            if (item.there) continue;
            bring(item);
            brought.push_back(&item);
        }
    } catch (const Error&) {
        for (auto item = brought.rbegin(); item != brought.rend(); ++item) {
            try {
                take_back(**item);
            } catch (const Error& error) {
                err_ << "piaa-batch: " << printable(error.what()) << '\n';
            }
        }
        throw;
    }
}

/// Notes the folders that were made, the outermost first, before the first file comes into them.
void PhotoTransfer::note_folders(const std::vector<Item>& items) {
    if (std::all_of(items.begin(), items.end(), [](const Item& item) { return item.there; })) return;
    for (; !made_.empty(); made_.pop_back()) log_.did_make_folder(made_.back());
}

/// Links to the photo's files that the list passed over, and those of their sidecars.
std::vector<PhotoTransfer::Link> PhotoTransfer::links_to(const std::vector<Item>& items) {
    std::vector<Link> all;
    const auto known = links_.find(items.front().from.string());
    if (kind_ != TransferKind::move || known == links_.end()) return all;
    std::set<std::string> seen;
    for (const auto& link : known->second)
        for (const auto& file : files_of_photo(link, names_)) {
            const auto text = link_text(file);
            if (!text || !seen.insert(file.string()).second) continue;
            // To a file that goes, or to a link that goes, which may be one of several on the way.
            const fs::path target = real_path(file),
                           step = own_path(text->is_absolute() ? *text : file.parent_path() / *text);
            for (const auto& item : items)
                if (const auto own = own_path(item.from); own == target || own == step) {
                    all.push_back({file, *text, own});
                    break;
                }
        }
    return all;
}

void PhotoTransfer::relink(const std::vector<Item>& items, const std::vector<Link>& links) {
    for (const auto& link : links)
        for (const auto& item : items) {
            if (own_path(item.from) != link.target) continue;
            log_.will_relink(link.file, link.text, whole_path(item.to));
            relink_file(whole_path(item.to), link.file);
            ++relinked_;
        }
}

void PhotoTransfer::tell(const std::vector<Item>& items, const std::vector<Link>& links) {
    for (const auto& item : items) {
        if (item.there) continue;
        promised_.emplace(item.to.string(), item.from);
        err_ << "piaa-batch: " << printable(item.from.string()) << ": would be " << verb_of(kind_) << " to "
             << printable(item.to.string()) << '\n';
    }
    for (const auto& link : links)
        err_ << "piaa-batch: " << printable(link.file.string()) << ": would lead to the new place\n";
    relinked_ += links.size();
}

void PhotoTransfer::know(const Photo& photo) {
    known_.insert(own_path(photo.file).string());
    if (!photo.links.empty()) links_[photo.file.string()] = photo.links;
}

bool PhotoTransfer::is_companion(const fs::path& named) {
    const fs::path file = own_path(named);
    if (taken_.contains(file.string())) return true;
    // Of photos that stay, or go at the end: those whose stem the file's name begins with.
    for (std::string start = file.string(); !start.empty() && start.back() != '/'; start.pop_back())
        for (auto photo = known_.lower_bound(start + '.');
             photo != known_.end() && photo->starts_with(start + '.'); ++photo) {
            const auto files = files_of_photo(*photo, names_);
            if (std::find(files.begin() + 1, files.end(), file) != files.end()) return true;
        }
    return false;
}

void PhotoTransfer::take(const nlohmann::ordered_json& record) {
    const fs::path photo = record.at("path").get<std::string>();
    if (taken_.contains(own_path(photo).string())) return;  // with another file of the same photo
    // A sidecar that another run is writing comes too.
    std::optional<PhotoLock> lock;
    if (!dry_run_) lock.emplace(photo);
    const auto items = named(files_of_photo(photo, names_));
    const auto links = links_to(items);
    if (dry_run_) {
        tell(items, links);
    } else {
        note_folders(items);
        const UndoLog::Together together(log_, beside(items.front()));
        bring_together(items);
        relink(items, links);
    }
    const auto already = static_cast<std::size_t>(
        std::count_if(items.begin(), items.end(), [](auto& item) { return item.there; }));
    for (const auto& item : items) taken_.insert(own_path(item.from).string());
    there_ += already;
    files_ += items.size() - already;
    if (already < items.size()) ++photos_;
}

void PhotoTransfer::finish(std::ostream& err, bool quiet) {
    if (quiet) return;
    err << "piaa-batch: " << counted(photos_, "photo") << " (" << counted(files_, "file") << ") "
        << (dry_run_ ? "would be " : "") << verb_of(kind_) << " to " << printable(folder_.string());
    if (there_ > 0) err << ", " << counted(there_, "file was", "files were") << " there already";
    if (left_ > 0)
        err << ", " << left_ << " not, because " << (left_ == 1 ? "its sidecar" : "their sidecars")
            << " could not be written; without --xmp " << (left_ == 1 ? "it" : "they") << " would be";
    err << '\n';
    if (relinked_ > 0)
        err << "piaa-batch: " << counted(relinked_, "link") << " to them "
            << (dry_run_         ? "would lead"
                : relinked_ == 1 ? "leads"
                                 : "lead")
            << " to the new place\n";
    if (without_attributes_ > 0)
        err << "piaa-batch: " << counted(without_attributes_, "file")
            << " lost an owner or attributes that the new place does not hold"
            << (kind_ == TransferKind::move ? "; undo gives them back\n" : "\n");
}

}  // namespace piaa::cli
