#include "photos/photo_list.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <sys/stat.h>

#include <piaa/unfinished_file.h>

#include "photos/image_format.h"
#include "photos/photo_family.h"

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

/// What the system calls one file or folder, however it is reached.
using FileId = std::pair<dev_t, ino_t>;

/// How a path of the list was reached.
struct Reached {
    Photo photo;
    FileId id;
    nlink_t names = 1;  ///< hard links that the file has
    off_t size = 0;
    bool by_link = false;  ///< by a symbolic link to it or to a folder above it
};

class Walk {
public:
    Walk(PhotoList& list, const std::function<bool()>& stop) : list_(list), stop_(stop) {}

    /// A path as somebody named it.
    void name(const fs::path& path) {
        boost::system::error_code ignored;
        if (fs::symlink_status(path, ignored).type() == fs::symlink_file)
            links_.push_back({path, {}, 0, true});
        else
            visit(path, true, false);
    }

    /// After all names: what links lead to, unless it was met under its own name.
    void follow_links() {
        while (!links_.empty() && !(stop_ && stop_())) {
            const auto links = std::exchange(links_, {});
            for (const auto& link : links) {
                above_ = link.above;
                root_ = link.root;
                visit(link.path, link.named, true);
            }
        }
    }

    std::vector<Reached> take() { return std::move(reached_); }

private:
    struct Link {
        fs::path path;
        std::vector<FileId> above;  ///< the folders that it is in
        std::uint32_t root;
        bool named;
    };

    void visit(const fs::path& path, bool named, bool by_link) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0) {
            // Another run gave it its name since the folder was read.
            if (errno == ENOENT && !named && is_unfinished_name(path.filename().string())) return;
            return fail(path, std::strerror(errno));
        }
        if (named) root_ = static_cast<std::uint32_t>(path.size() + (path.native().ends_with('/') ? 0 : 1));
        const FileId id{status.st_dev, status.st_ino};
        if (S_ISDIR(status.st_mode)) {
            if (named || !is_bin_or_thumbnails(path.filename().string()))
                visit_folder(path, id, named, by_link);
            return;
        }
        if (S_ISREG(status.st_mode) && !named && is_unfinished_name(path.filename().string()))
            note_unfinished(path);
        else if (S_ISREG(status.st_mode))
            reached_.push_back({{path, named || has_image_suffix(path), named ? 0 : root_, {}, {}},
                                id,
                                status.st_nlink,
                                status.st_size,
                                by_link});
        else if (named)
            fail(path, "is a pipe, socket or device and should be a file or folder");
        else
            ++list_.skipped;
    }

    /// A part of a file, which may begin like a photo.
    void note_unfinished(const fs::path& path) {
        ++list_.skipped;
        if (is_abandoned(path)) list_.unfinished.push_back(path);
    }

    void visit_folder(const fs::path& folder, FileId id, bool named, bool by_link) {
        if (std::find(above_.begin(), above_.end(), id) != above_.end())
            return fail(folder, "is a symbolic link back to a folder that it is in");
        // Naming a folder twice, or its parent too, is no mistake; duplicates go when the list is sorted.
        if (!seen_.insert(id).second && !named) return;
        boost::system::error_code problem, link_to_nothing;
        std::vector<fs::path> entries, links;
        // Boost 1.83 looks through a link here and fails when it leads nowhere; visit() tells that.
        for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem))
            (it->symlink_status(link_to_nothing).type() == fs::symlink_file ? links : entries)
                .push_back(it->path());
        if (problem) return fail(folder, problem.message());
        std::sort(entries.begin(), entries.end());
        std::sort(links.begin(), links.end());
        above_.push_back(id);
        for (const auto& link : links) links_.push_back({link, above_, root_, false});
        for (const auto& entry : entries) {
            if (stop_ && stop_()) break;
            visit(entry, false, by_link);
        }
        above_.pop_back();
    }

    void fail(const fs::path& path, const std::string& reason) {
        list_.errors.emplace_back(ErrorCode::io, path.string() + ": " + reason);
    }

    PhotoList& list_;
    const std::function<bool()>& stop_;
    std::vector<FileId> above_;
    std::uint32_t root_ = 0;
    std::set<FileId> seen_;
    std::vector<Link> links_;
    std::vector<Reached> reached_;
};

/// Whether two paths with one number are one file. Numbers alone prove little on file systems that make them
/// up.
bool one_file(const Reached& a, const Reached& b) {
    if (a.size != b.size) return false;
    if (a.names > 1) return true;
    boost::system::error_code problem;
    const fs::path whole = fs::canonical(a.photo.file, problem);
    return !problem && whole == fs::canonical(b.photo.file, problem) && !problem;
}

/// The list in path order, each file once.
void put_in_order(PhotoList& list, std::vector<Reached> reached) {
    // Sorted once, so that neither the order of arguments nor that of a file system shows.
    std::sort(reached.begin(), reached.end(), [](const Reached& a, const Reached& b) {
        if (a.by_link != b.by_link) return b.by_link;
        const int order = a.photo.file.native().compare(b.photo.file.native());
        return order != 0
                   ? order < 0
                   : std::pair(!a.photo.expected, a.photo.root) < std::pair(!b.photo.expected, b.photo.root);
    });
    std::map<FileId, std::vector<std::size_t>> kept;
    std::vector<bool> stays(reached.size(), true);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < reached.size(); ++i) {
        const fs::path& file = reached[i].photo.file;
        stays[i] = seen.insert(file.lexically_normal().native()).second;
        if (!stays[i]) continue;
        auto& same = kept[reached[i].id];
        const auto first = std::find_if(same.begin(), same.end(),
                                        [&](auto at) { return one_file(reached[at], reached[i]); });
        stays[i] = first == same.end();
        if (stays[i]) {
            same.push_back(i);
            continue;
        }
        ++list.links;
        boost::system::error_code ignored;
        if (fs::symlink_status(file, ignored).type() == fs::symlink_file)
            reached[*first].photo.links.push_back(file);
    }
    for (std::size_t i = 0; i < reached.size(); ++i)
        if (stays[i]) list.photos.push_back(std::move(reached[i].photo));
    std::sort(list.photos.begin(), list.photos.end(),
              [](const Photo& a, const Photo& b) { return a.file.native() < b.file.native(); });
}

/// Makes one photo of the files that a camera wrote of one moment.
void join_files(PhotoList& list) {
    std::map<std::string, std::vector<fs::path>> by_stem;
    std::map<std::string, Photo*> by_name;
    for (auto& photo : list.photos) {
        if (photo_part(photo.file) == PhotoPart::none) continue;
        by_stem[(photo.file.parent_path() / photo.file.stem()).native()].push_back(photo.file);
        by_name.emplace(photo.file.native(), &photo);
    }
    std::set<std::string> joined;
    for (const auto& [stem, files] : by_stem) {
        const auto parts = one_photo_of(files);
        if (parts.size() < 2) continue;
        Photo& photo = *by_name.at(parts.front().native());
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const Photo& other = *by_name.at(parts[i].native());
            if (photo.pair.empty() && photo_part(other.file) == PhotoPart::raw) photo.pair = other.file;
            photo.links.insert(photo.links.end(), other.links.begin(), other.links.end());
            joined.insert(other.file.native());
        }
    }
    list.pairs = joined.size();
    std::erase_if(list.photos, [&](const Photo& photo) { return joined.contains(photo.file.native()); });
}

}  // namespace

bool is_bin_or_thumbnails(const std::string& name) {
    static const std::set<std::string> names = {".Trash",      ".Trashes", ".dtrash", "$RECYCLE.BIN",
                                                "#recycle",    "@Recycle", "@eaDir",  ".@__thumb",
                                                ".thumbnails", ".thumbs"};
    return names.contains(name) || name.starts_with(".Trash-");
}

PhotoList list_photos(const std::vector<std::string>& paths, const std::function<bool()>& stop) {
    PhotoList list;
    Walk walk(list, stop);
    for (const auto& path : paths) walk.name(path);
    walk.follow_links();
    put_in_order(list, walk.take());
    join_files(list);
    return list;
}

PhotoSource photos_of(const std::vector<Photo>& photos) {
    return [&photos, next = std::size_t{0}]() mutable -> std::optional<Photo> {
        if (next == photos.size()) return std::nullopt;
        return photos[next++];
    };
}

}  // namespace piaa::cli
