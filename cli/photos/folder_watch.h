#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>

#include "photos/file_bytes.h"
#include "photos/photo_list.h"

namespace piaa::cli {

/// The photos that arrive in a folder and below it, each once it is complete: after its last writer closed
/// it, or it was moved there, and nothing happened to it for a while. A photo that changes later arrives
/// again.
///
/// Names as photos have them count, so a transfer under a name of its own (beach.jpg.part) is met when it
/// takes the photo's name. What is there beforehand does not arrive. Of RAW, JPEG and HEIC of one name that
/// are there together the first arrives, with the RAW file as its pair. When the kernel lost count of
/// changes, the folder is read anew. Changes that other machines make on a network file system are not seen.
class FolderWatch {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// quiet: for how long nothing may happen to a file. wake: a descriptor that ends the waiting when it
    /// becomes readable; -1 for none. Throws Error(io) when the folder cannot be watched.
    FolderWatch(boost::filesystem::path folder, std::chrono::milliseconds quiet, int wake = -1);
    ~FolderWatch();
    FolderWatch(const FolderWatch&) = delete;
    FolderWatch& operator=(const FolderWatch&) = delete;

    /// Waits for the next photo; nothing after the wake-up. Throws Error(io) when the folder is gone.
    std::optional<Photo> next();

    /// As if the kernel had lost count of changes, which a test cannot bring about by itself.
    void read_anew();

private:
    /// A file that may be complete.
    struct Waiting {
        Time until;
        /// Met by reading a folder, so that its writer may be at work still: its state then.
        std::optional<FileStamp> seen;
    };

    void watch(const boost::filesystem::path& folder);
    /// Watches a folder and all below it, and takes in the files that are there.
    void enter(const boost::filesystem::path& folder,
               const std::function<void(const boost::filesystem::path&)>& take);
    void leave(const boost::filesystem::path& folder);
    void expect(const boost::filesystem::path& file);
    void wait_for(const boost::filesystem::path& file, std::optional<FileStamp> seen);
    void handle(int watch, unsigned what, const std::string& name);
    /// Takes in what happened; waits for it until then at most. Returns false after the wake-up.
    bool listen(std::optional<Time> until);
    void take_events();
    std::optional<Photo> due(Time now);
    std::optional<Photo> complete(const boost::filesystem::path& file);

    boost::filesystem::path folder_;
    std::chrono::milliseconds quiet_;
    int wake_;
    int events_ = -1;
    std::map<int, boost::filesystem::path> folders_;
    std::map<std::string, Waiting> waiting_;
    std::map<std::string, FileStamp> known_;  ///< that were there or have arrived, as they were
};

/// The photos that arrive, for a run.
PhotoSource photos_arriving(std::shared_ptr<FolderWatch> watch);

}  // namespace piaa::cli
