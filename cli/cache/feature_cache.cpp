#include "cache/feature_cache.h"

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <thread>
#include <utility>

#include <boost/filesystem/operations.hpp>
#include <sqlite3.h>

#include <piaa/error.h>
#include <piaa/research/train.h>

#include "cache/feature_record.h"

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

/// "PIAA" in a place of the file's header that SQLite leaves to programs.
constexpr std::int64_t application = 0x50494141;
constexpr int schema = 1;

constexpr const char* tables =
    "CREATE TABLE model (id INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, name BLOB NOT NULL);"
    "CREATE TABLE file (id INTEGER PRIMARY KEY, path BLOB UNIQUE NOT NULL, size INTEGER NOT NULL,"
    " time INTEGER NOT NULL, inode INTEGER NOT NULL, content BLOB NOT NULL);"
    "CREATE INDEX file_by_content ON file (content);"
    "CREATE TABLE photo (id INTEGER PRIMARY KEY, content BLOB NOT NULL, model INTEGER NOT NULL,"
    " used INTEGER NOT NULL, record BLOB NOT NULL, UNIQUE (content, model));"
    "CREATE INDEX photo_by_use ON photo (used);";

[[noreturn]] void refuse(const fs::path& file, const std::string& reason) {
    throw Error(ErrorCode::io, file.string() + ": " + reason);
}

/// Whether a file is a cache of ours, by the first bytes alone: opening it as a database could change it.
bool is_cache(const fs::path& file) {
    std::array<char, 100> header{};
    std::ifstream in(file.string(), std::ios::binary);
    if (!in.read(header.data(), header.size())) return false;
    std::int64_t number = 0;
    for (int i = 68; i < 72; ++i) number = number << 8 | static_cast<unsigned char>(header[i]);
    return std::string_view(header.data(), 15) == "SQLite format 3" && number == application;
}

/// Anything but a cache of ours, or a place for a new one, is not touched.
void require_cache(const fs::path& file) {
    // Another run that is making the cache at this moment writes its first page in steps: wait a second for
    // it.
    for (int attempt = 0; attempt < 50; ++attempt) {
        boost::system::error_code ignored;
        if (!fs::exists(file, ignored)) return;
        if (!fs::is_regular_file(file, ignored)) break;
        if (fs::file_size(file, ignored) == 0 || is_cache(file)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    refuse(file, "is not a cache of piaa-batch, or a damaged one, and is left as it is");
}

std::string in_words(const SqliteError& error) {
    switch (error.code) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return "is damaged; piaa-batch cache clear makes it anew";
        case SQLITE_FULL:
        case SQLITE_IOERR:
            return std::string("cannot be written: ") + error.what();
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
            return std::string("cannot be opened for writing: ") + error.what();
        default:
            return error.what();
    }
}

/// Opened, and with its tables; several processes may be doing this at once.
SqliteFile open_database(const fs::path& file) {
    SqliteFile database(file);
    if (database.number("PRAGMA user_version") == 0) {
        database.run("PRAGMA auto_vacuum = INCREMENTAL");  // has to come before everything else
        // Not in the write-ahead log yet: is_cache() looks for the application in the file itself.
        SqliteTransaction transaction(database);
        if (database.number("PRAGMA user_version") == 0) {
            database.run("PRAGMA application_id = " + std::to_string(application));
            database.run(tables);
            database.run("PRAGMA user_version = " + std::to_string(schema));
        }
        transaction.commit();
    }
    database.run("PRAGMA journal_mode = WAL");
    // Finished transactions survive the end of the program; only a loss of power may take the last ones.
    database.run("PRAGMA synchronous = NORMAL");
    return database;
}

std::string model_key(const Model& model) {
    const auto& info = model.info();
    return info.hash + ' ' + info.preprocessing + ' ' + model.device() + ' ' +
           std::to_string(pooled_stage_count(model)) + ' ' + std::to_string(feature_record_version);
}

std::int64_t day_of_clock() {
    constexpr std::int64_t day = 24 * 3600;
    return static_cast<std::int64_t>(std::time(nullptr)) / day;
}

}  // namespace

struct FeatureCache::Statements {
    explicit Statements(const SqliteFile& file)
        : by_stamp(file,
                   "SELECT photo.id, photo.used, photo.record FROM file JOIN photo USING (content)"
                   " WHERE path = ? AND size = ? AND time = ? AND inode = ? AND model = ?"),
          by_content(file, "SELECT id, used, record FROM photo WHERE content = ? AND model = ?"),
          add_file(file,
                   "INSERT OR REPLACE INTO file (path, size, time, inode, content) VALUES (?, ?, ?, ?, ?)"),
          add_photo(file, "INSERT OR REPLACE INTO photo (content, model, used, record) VALUES (?, ?, ?, ?)"),
          note_use(file, "UPDATE photo SET used = ? WHERE id = ?"),
          oldest(file, "SELECT id, content FROM photo WHERE used < ? ORDER BY used, id LIMIT 256"),
          remove_photo(file, "DELETE FROM photo WHERE id = ?"),
          remove_files(file,
                       "DELETE FROM file WHERE content = ?1 AND"
                       " NOT EXISTS (SELECT 1 FROM photo WHERE photo.content = ?1)") {}
    SqliteStatement by_stamp, by_content, add_file, add_photo, note_use, oldest, remove_photo, remove_files;
};

FeatureCache::FeatureCache(const FeatureCachePlace& place, const Model& model)
    : place_(place), today_(place.today != 0 ? place.today : day_of_clock()) {
    require_cache(place_.file);
    try {
        boost::system::error_code problem;
        root_ = fs::current_path(problem).string() + '/';
        const auto folder = fs::absolute(place_.file).parent_path();
        if (!fs::exists(folder, problem)) {
            fs::create_directories(folder, problem);
            if (problem) refuse(place_.file, "cannot be made: " + problem.message());
            fs::permissions(folder, fs::owner_all, problem);  // names of photos are nobody else's business
        }
        database_.emplace(open_database(place_.file));
        if (database_->number("PRAGMA user_version") != schema)
            refuse(place_.file,
                   "was made by another version of piaa-batch; piaa-batch cache clear makes it anew");
        const std::string key = model_key(model);
        {
            SqliteStatement known(*database_, "SELECT id FROM model WHERE key = ?");
            known.start().bind(key);
            if (known.step()) model_ = known.number(0);
        }
        if (model_ == 0) {
            SqliteStatement insert(*database_, "INSERT OR IGNORE INTO model (key, name) VALUES (?, ?)");
            insert.start().bind(key).bind(model.info().name).run();
            SqliteStatement known(*database_, "SELECT id FROM model WHERE key = ?");
            known.start().bind(key);
            if (known.step()) model_ = known.number(0);
        }
        statements_ = std::make_unique<Statements>(*database_);
        if (over_limit()) {
            SqliteTransaction transaction(*database_);
            make_room();
            transaction.commit();
            database_->run("PRAGMA incremental_vacuum");
        }
    } catch (const SqliteError& error) {
        refuse(place_.file, in_words(error));
    }
}

FeatureCache::~FeatureCache() {
    const std::lock_guard lock(mutex_);
    if (!writable_ || used_.empty()) return;
    try {
        SqliteTransaction transaction(*database_);
        note_use();
        transaction.commit();
    } catch (const SqliteError&) {
        // Photos asked for today may count as older than they are, and nobody waits for that to be said.
    }
}

std::optional<Features> FeatureCache::find(const fs::path& file, const FileStamp& stamp) {
    const std::lock_guard lock(mutex_);
    if (!readable_ || !place_.by_stamp) return std::nullopt;
    try {
        const std::string path = file.is_absolute() ? file.string() : root_ + file.string();
        auto& statement = statements_->by_stamp;
        statement.start().bind(path).bind(stamp.size).bind(stamp.time).bind(stamp.inode).bind(model_);
        return take(statement);
    } catch (const SqliteError& error) {
        give_up(error, true);
        return std::nullopt;
    }
}

std::optional<Features> FeatureCache::find(const std::string& content) {
    const std::lock_guard lock(mutex_);
    if (!readable_) return std::nullopt;
    try {
        auto& statement = statements_->by_content;
        statement.start().bind(content).bind(model_);
        return take(statement);
    } catch (const SqliteError& error) {
        give_up(error, true);
        return std::nullopt;
    }
}

std::optional<Features> FeatureCache::take(SqliteStatement& found) {
    if (!found.step()) return std::nullopt;
    if (found.number(1) < today_) used_.push_back(found.number(0));
    auto features = unpacked_features(found.bytes(2));
    found.reset();
    return features;
}

void FeatureCache::add(const std::vector<CachedPhoto>& photos) {
    const std::lock_guard lock(mutex_);
    if (!writable_ || photos.empty()) return;
    try {
        SqliteTransaction transaction(*database_);
        note_use();
        if (over_limit()) make_room();
        if (over_limit()) {
            transaction.commit();
            writable_ = false;
            trouble_ = place_.file.string() + ": has reached its limit of " +
                       std::to_string(place_.limit >> 20) +
                       " MB; further photos are not kept, unless --cache-limit is raised";
            return;
        }
        for (const CachedPhoto& photo : photos) {
            if (photo.features != nullptr) {
                const std::string record = packed_features(*photo.features);
                statements_->add_photo.start()
                    .bind(photo.content)
                    .bind(model_)
                    .bind(today_)
                    .bind(record)
                    .run();
            }
            if (!photo.stamp) continue;
            const std::string path =
                photo.file.is_absolute() ? photo.file.string() : root_ + photo.file.string();
            statements_->add_file.start()
                .bind(path)
                .bind(photo.stamp->size)
                .bind(photo.stamp->time)
                .bind(photo.stamp->inode)
                .bind(photo.content)
                .run();
        }
        transaction.commit();
    } catch (const SqliteError& error) {
        give_up(error, false);
    }
}

void FeatureCache::note_use() {
    for (const std::int64_t id : used_) statements_->note_use.start().bind(today_).bind(id).run();
    used_.clear();
}

bool FeatureCache::over_limit() {
    const std::int64_t pages =
        database_->number("PRAGMA page_count") - database_->number("PRAGMA freelist_count");
    return static_cast<std::uint64_t>(pages * database_->number("PRAGMA page_size")) > place_.limit;
}

void FeatureCache::make_room() {
    std::size_t removed = 1;
    while (removed > 0 && over_limit()) {
        std::vector<std::pair<std::int64_t, std::string>> old;
        auto& oldest = statements_->oldest;
        oldest.start().bind(today_);
        while (oldest.step()) {
            const auto content = oldest.bytes(1);
            old.emplace_back(oldest.number(0),
                             std::string(reinterpret_cast<const char*>(content.data()), content.size()));
        }
        oldest.reset();
        for (const auto& [id, content] : old) {
            statements_->remove_photo.start().bind(id).run();
            statements_->remove_files.start().bind(content).run();
        }
        removed = old.size();
    }
}

void FeatureCache::give_up(const SqliteError& error, bool reading) {
    const bool damaged = error.code == SQLITE_CORRUPT || error.code == SQLITE_NOTADB;
    writable_ = false;
    if (reading || damaged) readable_ = false;
    if (!trouble_) trouble_ = place_.file.string() + ": " + in_words(error);
}

std::optional<std::string> FeatureCache::trouble() {
    const std::lock_guard lock(mutex_);
    return std::exchange(trouble_, std::nullopt);
}

std::optional<CacheContents> cache_contents(const fs::path& file) {
    boost::system::error_code ignored;
    if (!fs::exists(file, ignored)) return std::nullopt;
    require_cache(file);
    try {
        SqliteFile database = open_database(file);
        CacheContents contents;
        contents.bytes = static_cast<std::uint64_t>(database.number("PRAGMA page_count") *
                                                    database.number("PRAGMA page_size"));
        contents.files = database.number("SELECT count(*) FROM file");
        SqliteStatement models(database,
                               "SELECT name, count(photo.id) FROM model LEFT JOIN photo ON model = model.id"
                               " GROUP BY model.id ORDER BY model.id");
        models.start();
        while (models.step()) {
            const auto name = models.bytes(0);
            contents.models.push_back(
                {std::string(reinterpret_cast<const char*>(name.data()), name.size()), models.number(1)});
        }
        return contents;
    } catch (const SqliteError& error) {
        refuse(file, in_words(error));
    }
}

void clear_cache(const fs::path& file) {
    require_cache(file);
    boost::system::error_code problem;
    if (!fs::exists(file, problem)) return;
    try {
        // Emptied rather than removed, because another run may be using it.
        SqliteFile database = open_database(file);
        if (database.number("PRAGMA user_version") == schema) {
            database.run(
                "BEGIN IMMEDIATE; DELETE FROM photo; DELETE FROM file; DELETE FROM model; COMMIT; VACUUM");
            database.run("PRAGMA wal_checkpoint(TRUNCATE)");
            return;
        }
    } catch (const SqliteError& error) {
        if (error.code != SQLITE_CORRUPT && error.code != SQLITE_NOTADB && error.code != SQLITE_ERROR)
            refuse(file, in_words(error));
    }
    for (const char* suffix : {"", "-wal", "-shm"}) {
        fs::remove(file.string() + suffix, problem);
        if (problem) refuse(file, "cannot be removed: " + problem.message());
    }
}

}  // namespace piaa::cli
