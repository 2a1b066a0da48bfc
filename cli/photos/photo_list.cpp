#include "photos/photo_list.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photos/image_format.h"

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

/// What cameras write beside a RAW file.
bool is_camera_picture(const fs::path& file) {
    std::string suffix = file.extension().string();
    for (char& letter : suffix)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return suffix == ".jpg" || suffix == ".jpeg" || suffix == ".heic" || suffix == ".hif";
}

/// What the system calls one folder, however it is reached.
using FolderId = std::pair<dev_t, ino_t>;

class Walk {
public:
    Walk(PhotoList& list, const std::function<bool()>& stop) : list_(list), stop_(stop) {}

    /// A path as somebody named it, or as it was met inside a folder.
    void visit(const fs::path& path, bool named) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0) return fail(path, std::strerror(errno));
        if (named) root_ = static_cast<std::uint32_t>(path.size() + (path.native().ends_with('/') ? 0 : 1));
        if (S_ISDIR(status.st_mode)) return visit_folder(path, {status.st_dev, status.st_ino}, named);
        if (S_ISREG(status.st_mode))
            list_.photos.push_back({path, named || has_image_suffix(path), named ? 0 : root_, {}});
        else if (named)
            fail(path, "is a pipe, socket or device and should be a file or folder");
        else
            ++list_.left_out;
    }

private:
    void visit_folder(const fs::path& folder, FolderId id, bool named) {
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
        // Links last, so that a folder is listed under its own name where it has one in here.
        std::sort(entries.begin(), entries.end());
        std::sort(links.begin(), links.end());
        above_.push_back(id);
        for (const auto* group : {&entries, &links})
            for (const auto& entry : *group) {
                if (stop_ && stop_()) break;
                visit(entry, false);
            }
        above_.pop_back();
    }

    void fail(const fs::path& path, const std::string& reason) {
        list_.errors.emplace_back(ErrorCode::io, path.string() + ": " + reason);
    }

    PhotoList& list_;
    const std::function<bool()>& stop_;
    std::vector<FolderId> above_;
    std::uint32_t root_ = 0;
    std::set<FolderId> seen_;
};

/// Splits what arrives on a descriptor into paths.
class PathReader {
public:
    PathReader(int descriptor, char separator, int wake)
        : descriptor_(descriptor), separator_(separator), wake_(wake) {}

    std::optional<Photo> next() {
        while (true) {
            const auto end = buffer_.find(separator_);
            if (end == std::string::npos) {
                if (!ended_) {
                    ended_ = !read_more();
                    continue;
                }
                if (buffer_.empty()) return std::nullopt;
            }
            std::string path = buffer_.substr(0, end);
            buffer_.erase(0, end == std::string::npos ? end : end + 1);
            if (!path.empty()) return Photo{path, true, 0, {}};
        }
    }

private:
    /// Waits for more; false when there is none to come.
    bool read_more() {
        pollfd waiting[] = {{descriptor_, POLLIN, 0}, {wake_, POLLIN, 0}};
        while (::poll(waiting, wake_ < 0 ? 1 : 2, -1) < 0)
            if (errno != EINTR) return false;
        if (wake_ >= 0 && waiting[1].revents != 0) {
            buffer_.clear();
            return false;
        }
        char bytes[4096];
        const ssize_t count = ::read(descriptor_, bytes, sizeof bytes);
        if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
        return count > 0 || (count < 0 && errno == EINTR);
    }

    int descriptor_;
    char separator_;
    int wake_;
    bool ended_ = false;
    std::string buffer_;
};

/// Makes one photo of a RAW file and the camera's picture of the same moment.
void join_pairs(PhotoList& list) {
    const auto stem_of = [](const fs::path& file) { return (file.parent_path() / file.stem()).native(); };
    std::map<std::string, fs::path> raw_files;
    for (const auto& photo : list.photos)
        if (has_raw_suffix(photo.file)) raw_files.emplace(stem_of(photo.file), photo.file);
    if (raw_files.empty()) return;
    std::set<std::string> joined;
    for (auto& photo : list.photos) {
        if (!is_camera_picture(photo.file)) continue;
        const auto raw = raw_files.find(stem_of(photo.file));
        if (raw == raw_files.end()) continue;
        photo.pair = raw->second;
        joined.insert(raw->second.native());
    }
    list.pairs = joined.size();
    std::erase_if(list.photos, [&](const Photo& photo) { return joined.contains(photo.file.native()); });
}

}  // namespace

PhotoList list_photos(const std::vector<std::string>& paths, const std::function<bool()>& stop) {
    PhotoList list;
    Walk walk(list, stop);
    for (const auto& path : paths) walk.visit(path, true);

    // Sorted once, so that neither the order of arguments nor that of a file system shows.
    auto& photos = list.photos;
    std::sort(photos.begin(), photos.end(), [](const Photo& a, const Photo& b) {
        const int order = a.file.native().compare(b.file.native());
        return order != 0 ? order < 0 : std::pair(!a.expected, a.root) < std::pair(!b.expected, b.root);
    });
    std::set<std::string> seen;
    std::erase_if(photos, [&](const Photo& photo) {
        return !seen.insert(photo.file.lexically_normal().native()).second;
    });
    join_pairs(list);
    return list;
}

PhotoSource photos_of(const std::vector<Photo>& photos) {
    return [&photos, next = std::size_t{0}]() mutable -> std::optional<Photo> {
        if (next == photos.size()) return std::nullopt;
        return photos[next++];
    };
}

PhotoSource photos_from(int descriptor, char separator, int wake) {
    return [reader = std::make_shared<PathReader>(descriptor, separator, wake)] { return reader->next(); };
}

}  // namespace piaa::cli
