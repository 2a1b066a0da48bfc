#include "cache/feature_cache.h"

#include <ctime>
#include <utility>

#include <boost/filesystem/operations.hpp>
#include <sqlite3.h>

#include <piaa/error.h>
#include <piaa/research/train.h>

#include "cache/cache_file.h"

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

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
    require_cache_file(place_.file);
    try {
        boost::system::error_code problem;
        root_ = fs::current_path(problem).string() + '/';
        const auto folder = fs::absolute(place_.file).parent_path();
        if (!fs::exists(folder, problem)) {
            fs::create_directories(folder, problem);
            if (problem) refuse_cache(place_.file, "cannot be made: " + problem.message());
            fs::permissions(folder, fs::owner_all, problem);  // names of photos are nobody else's business
        }
        database_.emplace(open_cache_file(place_.file));
        if (database_->number("PRAGMA user_version") != cache_schema)
            refuse_cache(place_.file,
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
        refuse_cache(place_.file, cache_trouble(error));
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

std::optional<KeptFeatures> FeatureCache::find(const fs::path& file, const FileStamp& stamp) {
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

std::optional<KeptFeatures> FeatureCache::find(const std::string& content) {
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

std::optional<KeptFeatures> FeatureCache::take(SqliteStatement& found) {
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
            warning_ = place_.file.string() + ": has reached its limit of " +
                       std::to_string(place_.limit >> 20) +
                       " MB; further photos are not kept, unless --cache-limit is raised";
            return;
        }
        for (const CachedPhoto& photo : photos) {
            if (photo.features != nullptr) {
                const std::string record = packed_features(
                    *photo.features, photo.subject != nullptr ? *photo.subject : KeptSubject());
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
    if (!warning_) warning_ = place_.file.string() + ": " + cache_trouble(error);
}

std::optional<std::string> FeatureCache::warning() {
    const std::lock_guard lock(mutex_);
    return std::exchange(warning_, std::nullopt);
}

}  // namespace piaa::cli
