#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/filesystem/path.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace piaa::cli {

/// What SQLite refused, in its own words.
struct SqliteError : std::runtime_error {
    SqliteError(int code, const std::string& reason) : std::runtime_error(reason), code(code) {}
    int code;  ///< SQLite's primary result code, such as SQLITE_FULL
};

/// A database file. One thread at a time. All throw SqliteError.
class SqliteFile {
public:
    /// Made when it is not there. Whoever finds it locked waits up to ten seconds.
    explicit SqliteFile(const boost::filesystem::path& file);

    /// Runs statements that give no rows or whose rows are of no interest.
    void run(const std::string& statements);
    /// The single number that a statement gives.
    std::int64_t number(const std::string& statement);

    sqlite3* handle() const { return database_.get(); }

private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

/// A prepared statement, used again and again: bind the values in order, then step through the rows.
class SqliteStatement {
public:
    SqliteStatement(const SqliteFile& file, std::string_view text);

    /// Starts anew. Bytes and texts must live until the last step.
    SqliteStatement& start();
    SqliteStatement& bind(std::int64_t value);
    SqliteStatement& bind(std::span<const std::byte> bytes);
    SqliteStatement& bind(const std::string& bytes) { return bind(std::as_bytes(std::span(bytes))); }
    SqliteStatement& bind_text(const std::string& text);
    /// Goes to the next row; false when there is none.
    bool step();
    /// Runs a statement that gives no rows.
    void run();

    std::int64_t number(int column) const;
    /// Valid until the next step.
    std::span<const std::byte> bytes(int column) const;
    /// Lets go of the row and its locks.
    void reset();

private:
    void check(int code) const;

    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
    int bound_ = 0;
};

/// Everything in its scope happens together or not at all.
class SqliteTransaction {
public:
    explicit SqliteTransaction(SqliteFile& file);
    ~SqliteTransaction();
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;
    void commit();

private:
    SqliteFile& file_;
    bool open_ = true;
};

}  // namespace piaa::cli
