#include "cache/sqlite_file.h"

#include <chrono>
#include <thread>

#include <sqlite3.h>

namespace piaa::cli {
namespace {

[[noreturn]] void fail(sqlite3* database, int code) {
    throw SqliteError(code & 0xff, database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
}

}  // namespace

SqliteFile::SqliteFile(const boost::filesystem::path& file) : database_(nullptr, sqlite3_close) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(
        file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    if (code != SQLITE_OK) fail(opened, code);
    sqlite3_busy_timeout(opened, 10'000);
}

void SqliteFile::run(const std::string& statements) {
    // Some locks, such as that of a change to write-ahead logging, do not wait by themselves.
    for (int attempt = 0;; ++attempt) {
        const int code = sqlite3_exec(handle(), statements.c_str(), nullptr, nullptr, nullptr);
        if (code == SQLITE_OK) return;
        if ((code & 0xff) != SQLITE_BUSY || attempt == 100) fail(handle(), code);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

std::int64_t SqliteFile::number(const std::string& statement) {
    SqliteStatement prepared(*this, statement);
    prepared.start();
    return prepared.step() ? prepared.number(0) : 0;
}

SqliteStatement::SqliteStatement(const SqliteFile& file, std::string_view text)
    : database_(file.handle()), statement_(nullptr, sqlite3_finalize) {
    sqlite3_stmt* prepared = nullptr;
    check(sqlite3_prepare_v3(database_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                             &prepared, nullptr));
    statement_.reset(prepared);
}

SqliteStatement& SqliteStatement::start() {
    reset();
    bound_ = 0;
    return *this;
}

SqliteStatement& SqliteStatement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), ++bound_, value));
    return *this;
}

SqliteStatement& SqliteStatement::bind(std::span<const std::byte> bytes) {
    check(sqlite3_bind_blob64(statement_.get(), ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC));
    return *this;
}

SqliteStatement& SqliteStatement::bind_text(const std::string& text) {
    check(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
    return *this;
}

bool SqliteStatement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const SqliteError error(code & 0xff, sqlite3_errmsg(database_));
    reset();
    throw error;
}

void SqliteStatement::run() {
    while (step()) continue;
    reset();
}

std::int64_t SqliteStatement::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::span<const std::byte> SqliteStatement::bytes(int column) const {
    const auto* first = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
    return {first, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void SqliteStatement::reset() {
    sqlite3_reset(statement_.get());  // repeats what the last step said, which was told already
}

void SqliteStatement::check(int code) const {
    if (code != SQLITE_OK) fail(database_, code);
}

SqliteTransaction::SqliteTransaction(SqliteFile& file) : file_(file) {
    file_.run("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
    if (!open_) return;
    sqlite3_exec(file_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteTransaction::commit() {
    file_.run("COMMIT");
    open_ = false;
}

}  // namespace piaa::cli
