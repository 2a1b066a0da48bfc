#include "photos/folder_watch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <piaa/error.h>

#include "photos/image_format.h"
#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Clock = std::chrono::steady_clock;

constexpr unsigned heard = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY | IN_MOVED_FROM | IN_DELETE |
                           IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

[[noreturn]] void fail(const fs::path& folder, const std::string& reason) {
    throw Error(ErrorCode::io, folder.string() + ": " + reason);
}

/// A file that nobody writes under this name: links come whole.
bool comes_whole(const fs::path& file) {
    boost::system::error_code problem;
    const bool link = fs::symlink_status(file, problem).type() == fs::symlink_file;
    return link || (fs::hard_link_count(file, problem) > 1 && !problem);
}

}  // namespace

FolderWatch::FolderWatch(fs::path folder, std::chrono::milliseconds quiet, int wake)
    : folder_(std::move(folder)), quiet_(quiet), wake_(wake) {
    events_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (events_ < 0) fail(folder_, std::string("cannot be watched: ") + std::strerror(errno));
    try {
        watch(folder_);
        enter(folder_, [this](const fs::path& file) {
            if (const auto stamp = file_stamp(file)) known_.insert_or_assign(file.string(), *stamp);
        });
        // What was written while the folder was read arrives.
        take_events();
        for (const auto& [file, state] : waiting_) known_.erase(file);
    } catch (...) {
        ::close(events_);
        throw;
    }
}

FolderWatch::~FolderWatch() {
    ::close(events_);
}

void FolderWatch::watch(const fs::path& folder) {
    const int number = ::inotify_add_watch(events_, folder.c_str(), heard);
    if (number >= 0) {
        folders_.insert_or_assign(number, folder);
        return;
    }
    const int problem = errno;
    // A folder that is gone again, or is another file by now, holds nothing.
    if (folder != folder_ && (problem == ENOENT || problem == ENOTDIR)) return;
    fail(folder, problem == ENOSPC
                     ? "cannot be watched, because so many folders are: sysctl fs.inotify.max_user_watches "
                       "says how many may be"
                     : std::string("cannot be watched: ") + std::strerror(problem));
}

void FolderWatch::enter(const fs::path& folder, const std::function<void(const fs::path&)>& take) {
    watch(folder);
    boost::system::error_code problem;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem))
        entries.push_back(it->path());
    for (const auto& entry : entries) {
        if (fs::symlink_status(entry, problem).type() == fs::directory_file) {
            if (!is_bin_or_thumbnails(entry.filename().string())) enter(entry, take);
        } else if (has_image_suffix(entry))
            take(entry);
    }
}

/// A folder that was moved away or removed, with all below it.
void FolderWatch::leave(const fs::path& folder) {
    const std::string below = folder.string() + "/";
    for (auto it = folders_.begin(); it != folders_.end();) {
        const bool gone = it->second == folder || it->second.string().starts_with(below);
        if (gone) ::inotify_rm_watch(events_, it->first);
        it = gone ? folders_.erase(it) : std::next(it);
    }
    const auto in_there = [&](const auto& each) { return each.first.starts_with(below); };
    std::erase_if(waiting_, in_there);
    std::erase_if(known_, in_there);
}

void FolderWatch::wait_for(const fs::path& file, std::optional<FileStamp> seen) {
    waiting_[file.string()] = {Clock::now() + quiet_, std::move(seen)};
}

/// A file that was met by reading a folder.
void FolderWatch::expect(const fs::path& file) {
    const auto stamp = file_stamp(file);
    const auto known = known_.find(file.string());
    if (stamp && (known == known_.end() || known->second != *stamp)) wait_for(file, stamp);
}

void FolderWatch::read_anew() {
    enter(folder_, [this](const fs::path& file) { expect(file); });
}

void FolderWatch::handle(int watch, unsigned what, const std::string& name) {
    if (what & IN_Q_OVERFLOW) return read_anew();
    const auto found = folders_.find(watch);
    if (found == folders_.end()) return;
    const fs::path folder = found->second;
    if (what & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) {
        if (folder == folder_) fail(folder_, "was moved, removed or unmounted, so nothing arrives any more");
        return;
    }
    if (what & IN_IGNORED) {
        folders_.erase(watch);
        return;
    }
    const fs::path file = folder / name;
    if (what & IN_ISDIR) {
        if (what & (IN_MOVED_FROM | IN_DELETE)) leave(file);
        if ((what & (IN_MOVED_TO | IN_CREATE)) && !is_bin_or_thumbnails(name))
            enter(file, [this](const fs::path& each) { expect(each); });
        return;
    }
    if (!has_image_suffix(file)) return;
    if (what & (IN_CLOSE_WRITE | IN_MOVED_TO)) return wait_for(file, std::nullopt);
    if (what & IN_CREATE) {
        if (comes_whole(file)) wait_for(file, std::nullopt);
        return;
    }
    // Written to again, until it is closed again; or gone. One that was met by reading its folder is looked
    // at once more in any case.
    const auto waiting = waiting_.find(file.string());
    if (waiting == waiting_.end()) return;
    if ((what & IN_MODIFY) && waiting->second.seen)
        wait_for(file, waiting->second.seen);
    else
        waiting_.erase(waiting);
}

void FolderWatch::take_events() {
    alignas(inotify_event) char buffer[65536];
    for (;;) {
        const ssize_t length = ::read(events_, buffer, sizeof buffer);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return;
        for (ssize_t at = 0; at < length;) {
            inotify_event event{};
            std::memcpy(&event, buffer + at, sizeof event);
            handle(event.wd, event.mask, event.len > 0 ? std::string(buffer + at + sizeof event) : "");
            at += static_cast<ssize_t>(sizeof event + event.len);
        }
    }
}

bool FolderWatch::listen(std::optional<Time> until) {
    pollfd descriptors[] = {{events_, POLLIN, 0}, {wake_, POLLIN, 0}};
    int limit = -1;
    if (until) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()).count();
        limit = static_cast<int>(std::clamp<long long>(left, 0, 3'600'000));
    }
    if (::poll(descriptors, wake_ < 0 ? 1 : 2, limit) < 0) return errno == EINTR;
    if (wake_ >= 0 && descriptors[1].revents != 0) return false;
    take_events();
    return true;
}

/// As a photo, if it is there and is new; its other files come with it.
std::optional<Photo> FolderWatch::complete(const fs::path& file) {
    const auto stamp = file_stamp(file);
    if (!stamp) return std::nullopt;
    const auto known = known_.find(file.string());
    if (known != known_.end() && known->second == *stamp) return std::nullopt;
    known_.insert_or_assign(file.string(), *stamp);
    auto files = picture_files(file);
    std::sort(files.begin(), files.end());
    const auto parts = one_photo_of(files);
    const bool joined = parts.size() > 1 && std::find(parts.begin(), parts.end(), file) != parts.end();
    if (joined && parts.front() != file) return std::nullopt;
    Photo photo{.file = file};
    photo.root = static_cast<std::uint32_t>(folder_.size() + (folder_.native().ends_with('/') ? 0 : 1));
    if (joined)
        for (const auto& part : parts)
            if (part != file && photo_part(part) == PhotoPart::raw) photo.pair = part;
    return photo;
}

/// The next file whose time has come.
std::optional<Photo> FolderWatch::due(Time now) {
    for (auto it = waiting_.begin(); it != waiting_.end();) {
        if (it->second.until > now) {
            ++it;
            continue;
        }
        const fs::path file = it->first;
        const auto seen = it->second.seen;
        it = waiting_.erase(it);
        if (const auto stamp = file_stamp(file); seen && stamp && stamp != seen) {
            wait_for(file, stamp);
            continue;
        }
        if (auto photo = complete(file)) return photo;
    }
    return std::nullopt;
}

std::optional<Photo> FolderWatch::next() {
    for (;;) {
        take_events();
        if (auto photo = due(Clock::now())) return photo;
        std::optional<Time> first;
        for (const auto& [file, state] : waiting_)
            first = first ? std::min(*first, state.until) : state.until;
        if (!listen(first)) return std::nullopt;
    }
}

PhotoSource photos_arriving(std::shared_ptr<FolderWatch> watch) {
    return [watch = std::move(watch)] { return watch->next(); };
}

}  // namespace piaa::cli
