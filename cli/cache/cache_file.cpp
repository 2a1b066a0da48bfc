#include "cache/cache_file.h"

#include <array>
#include <chrono>
#include <fstream>
#include <thread>

#include <boost/filesystem/operations.hpp>
#include <sqlite3.h>

#include <piaa/error.h>

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

/// "PIAA" in a place of the file's header that SQLite leaves to programs.
constexpr std::int64_t application = 0x50494141;

constexpr const char* tables =
    "CREATE TABLE model (id INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, name BLOB NOT NULL);"
    "CREATE TABLE file (id INTEGER PRIMARY KEY, path BLOB UNIQUE NOT NULL, size INTEGER NOT NULL,"
    " time INTEGER NOT NULL, inode INTEGER NOT NULL, content BLOB NOT NULL);"
    "CREATE INDEX file_by_content ON file (content);"
    "CREATE TABLE photo (id INTEGER PRIMARY KEY, content BLOB NOT NULL, model INTEGER NOT NULL,"
    " used INTEGER NOT NULL, record BLOB NOT NULL, UNIQUE (content, model));"
    "CREATE INDEX photo_by_use ON photo (used);";

/// Whether a file is a cache of ours, by the first bytes alone: opening it as a database could change it. A
/// database without a table is one too: that is what a run leaves that was killed as it made its cache.
bool is_cache(const fs::path& file) {
    std::array<char, 105> header{};
    std::ifstream in(file.string(), std::ios::binary);
    if (!in.read(header.data(), header.size())) return false;
    const auto number = [&](std::size_t at, std::size_t count) {
        std::int64_t value = 0;
        for (std::size_t i = at; i < at + count; ++i)
            value = value << 8 | static_cast<unsigned char>(header[i]);
        return value;
    };
    if (std::string_view(header.data(), 15) != "SQLite format 3") return false;
    const bool nothing_in_it = number(28, 4) == 1 && number(60, 4) == 0 && number(103, 2) == 0;
    return number(68, 4) == application || (number(68, 4) == 0 && nothing_in_it);
}

/// Of another cache, attached as `other`: its models, photos and files, where they are not known here.
/// Numbers of rows mean something only within one file.
constexpr const char* take_over =
    "INSERT OR IGNORE INTO model (key, name) SELECT key, name FROM other.model ORDER BY id;"
    "INSERT INTO photo (content, model, used, record)"
    " SELECT theirs.content, ours.id, theirs.used, theirs.record FROM other.photo AS theirs"
    " JOIN other.model AS of ON of.id = theirs.model JOIN main.model AS ours ON ours.key = of.key"
    " WHERE true ORDER BY theirs.id"
    " ON CONFLICT (content, model) DO UPDATE SET used = max(used, excluded.used);"
    "INSERT OR IGNORE INTO file (path, size, time, inode, content)"
    " SELECT path, size, time, inode, content FROM other.file ORDER BY id;";

}  // namespace

void refuse_cache(const fs::path& file, const std::string& reason) {
    throw Error(ErrorCode::io, file.string() + ": " + reason);
}

void require_cache_file(const fs::path& file) {
    // Another run that is making the cache at this moment writes its first page in steps: wait a second for
    // it.
    for (int attempt = 0; attempt < 50; ++attempt) {
        boost::system::error_code ignored;
        if (!fs::exists(file, ignored)) return;
        if (!fs::is_regular_file(file, ignored)) break;
        if (fs::file_size(file, ignored) == 0 || is_cache(file)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    refuse_cache(file, "is not a cache of piaa-batch, or a damaged one, and is left as it is");
}

std::string cache_trouble(const SqliteError& error) {
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

SqliteFile open_cache_file(const fs::path& file) {
    SqliteFile database(file);
    if (database.number("PRAGMA user_version") == 0) {
        database.run("PRAGMA auto_vacuum = INCREMENTAL");  // has to come before everything else
        // Not in the write-ahead log yet: is_cache() looks for the application in the file itself.
        SqliteTransaction transaction(database);
        if (database.number("PRAGMA user_version") == 0) {
            database.run("PRAGMA application_id = " + std::to_string(application));
            database.run(tables);
            database.run("PRAGMA user_version = " + std::to_string(cache_schema));
        }
        transaction.commit();
    }
    database.run("PRAGMA journal_mode = WAL");
    // Finished transactions survive the end of the program; only a loss of power may take the last ones.
    database.run("PRAGMA synchronous = NORMAL");
    return database;
}

std::optional<CacheContents> cache_contents(const fs::path& file) {
    boost::system::error_code ignored;
    if (!fs::exists(file, ignored)) return std::nullopt;
    require_cache_file(file);
    try {
        SqliteFile database = open_cache_file(file);
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
        refuse_cache(file, cache_trouble(error));
    }
}

void clear_cache(const fs::path& file) {
    require_cache_file(file);
    boost::system::error_code problem;
    if (!fs::exists(file, problem)) return;
    try {
        // Emptied rather than removed, because another run may be using it.
        SqliteFile database = open_cache_file(file);
        if (database.number("PRAGMA user_version") == cache_schema) {
            database.run(
                "BEGIN IMMEDIATE; DELETE FROM photo; DELETE FROM file; DELETE FROM model; COMMIT; VACUUM");
            database.run("PRAGMA wal_checkpoint(TRUNCATE)");
            return;
        }
    } catch (const SqliteError& error) {
        if (error.code != SQLITE_CORRUPT && error.code != SQLITE_NOTADB && error.code != SQLITE_ERROR)
            refuse_cache(file, cache_trouble(error));
    }
    for (const char* suffix : {"", "-wal", "-shm"}) {
        fs::remove(file.string() + suffix, problem);
        if (problem) refuse_cache(file, "cannot be removed: " + problem.message());
    }
}

void merge_cache(const fs::path& into, const fs::path& from) {
    boost::system::error_code problem;
    if (!fs::exists(from, problem)) refuse_cache(from, "cannot be read: No such file or directory");
    if (fs::equivalent(into, from, problem)) return;
    for (const auto& file : {into, from}) require_cache_file(file);
    try {
        const auto folder = fs::absolute(into).parent_path();
        fs::create_directories(folder, problem);
        SqliteFile other = open_cache_file(from);  // what a killed run left in its log comes along
        SqliteFile database = open_cache_file(into);
        for (const auto& [file, opened] : {std::pair{into, &database}, std::pair{from, &other}})
            if (opened->number("PRAGMA user_version") != cache_schema)
                refuse_cache(file, "was made by another version of piaa-batch");
        SqliteStatement attach(database, "ATTACH DATABASE ? AS other");
        const std::string name = from.string();
        attach.start().bind_text(name).run();
        SqliteTransaction transaction(database);
        database.run(take_over);
        transaction.commit();
    } catch (const SqliteError& error) {
        refuse_cache(from, "cannot be merged into " + into.string() + ": " + error.what());
    }
}

}  // namespace piaa::cli
