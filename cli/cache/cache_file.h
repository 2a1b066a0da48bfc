#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "cache/sqlite_file.h"

namespace piaa::cli {

/// Of the tables; a file with other ones is not used.
constexpr int cache_schema = 1;

/// Throws Error(io): FILE ": " REASON.
[[noreturn]] void refuse_cache(const boost::filesystem::path& file, const std::string& reason);

/// What went wrong with a cache, for refuse_cache().
std::string cache_trouble(const SqliteError& error);

/// Anything but a cache of ours, or a place for a new one, is not touched: throws Error(io).
void require_cache_file(const boost::filesystem::path& file);

/// Opened, and with its tables; several processes may be doing this at once. Throws SqliteError.
SqliteFile open_cache_file(const boost::filesystem::path& file);

/// What `cache info` says.
struct CacheContents {
    std::uint64_t bytes = 0;  ///< of the file
    std::int64_t files = 0;
    struct OfModel {
        std::string name;
        std::int64_t photos = 0;
    };
    std::vector<OfModel> models;
};

/// Nothing when there is no cache. Throws Error(io) when the file is something else or damaged.
std::optional<CacheContents> cache_contents(const boost::filesystem::path& file);

/// Empties a cache; one that is damaged is removed. Other programs may be using it. Throws Error(io) when the
/// file is something else, which is then left as it is.
void clear_cache(const boost::filesystem::path& file);

/// Puts all that one cache knows into another, which is made where there is none and keeps what it knows
/// itself; all of it or, when that fails, nothing. Throws Error(io) when one of the two is something else,
/// damaged or of another version.
void merge_cache(const boost::filesystem::path& into, const boost::filesystem::path& from);

}  // namespace piaa::cli
