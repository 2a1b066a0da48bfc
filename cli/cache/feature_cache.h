#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/model.h>

#include "cache/feature_record.h"
#include "cache/sqlite_file.h"
#include "photos/file_bytes.h"

namespace piaa::cli {

/// Where a cache is and how much it may hold.
struct FeatureCachePlace {
    boost::filesystem::path file;
    std::uint64_t limit = 0;  ///< bytes
    std::int64_t today = 0;   ///< days since 1970; 0 for what the clock says
    bool by_stamp = true;     ///< trust path, size, time and inode; else only the content
};

/// A photo that was read, and what became of it.
struct CachedPhoto {
    boost::filesystem::path file;
    std::optional<FileStamp> stamp;      ///< FileBytes::stamp()
    std::string content;                 ///< content_hash() of its bytes
    const Features* features = nullptr;  ///< none when the cache holds them already
    const KeptSubject* subject = nullptr;
};

/// Features of photos by content, model and preprocessing in an SQLite file, and the content of files by
/// path, size, time and inode, so that an unchanged file need not even be opened.
///
/// Safe to call from several threads, and to have open in several processes. Nothing here ever fails: trouble
/// with the file ends its use, or the writing to it, and is told once by warning(). When the file reaches its
/// limit, photos that were not asked for since yesterday make room; when there are none, new ones are not
/// kept.
class FeatureCache {
public:
    /// Throws Error(io) when there is no such cache and none can be made, and when the file is something
    /// else, which is then left as it is.
    FeatureCache(const FeatureCachePlace& place, const Model& model);
    ~FeatureCache();

    /// The features of a file that is as it was; nothing when it is unknown or stamps are not to be trusted.
    std::optional<KeptFeatures> find(const boost::filesystem::path& file, const FileStamp& stamp);
    /// The features of a photo with these bytes, whatever file it was read from before.
    std::optional<KeptFeatures> find(const std::string& content);
    /// Keeps what was found out, all of it or, when that fails, nothing.
    void add(const std::vector<CachedPhoto>& photos);

    /// What went wrong since the last call, one sentence; nothing in nearly all cases.
    std::optional<std::string> warning();

private:
    struct Statements;

    std::optional<KeptFeatures> take(SqliteStatement& found);
    void note_use();
    void make_room();
    bool over_limit();
    void give_up(const SqliteError& error, bool reading);

    const FeatureCachePlace place_;
    const std::int64_t today_;
    std::int64_t model_ = 0;
    std::string root_;  // the current folder, which relative paths start from

    std::mutex mutex_;
    std::optional<SqliteFile> database_;
    std::unique_ptr<Statements> statements_;
    bool readable_ = true;
    bool writable_ = true;
    std::vector<std::int64_t> used_;  // records found today for the first time
    std::optional<std::string> warning_;
};

}  // namespace piaa::cli
