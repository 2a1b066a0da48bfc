#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "photos/shard.h"

namespace piaa::cli {

/// The rows of several outputs of one command, for putting them together.
class ShardRows {
public:
    struct Row {
        std::string path;
        std::string id;        ///< the caller's key; one photo may be in a list under several
        std::string text;      ///< the whole row as it is written, without its shard
        std::size_t file = 0;  ///< in the order of add()
        bool failed = false;   ///< says why there is no score
    };

    /// Reads a file: CSV, a JSON array or JSON lines. Throws Error(io) or Error(bad_data) when it cannot be
    /// read, is cut off or does not go with the files before it.
    void add(const boost::filesystem::path& file);

    /// Sorts by path and id and leaves one row for each pair of them, a score rather than a failure; the
    /// others are given back.
    std::vector<Row> take_doubles();

    /// Whether a row stands before another of another photo or key.
    static bool before(const Row& a, const Row& b);

    const std::vector<Row>& rows() const { return rows_; }
    const std::vector<boost::filesystem::path>& files() const { return files_; }
    /// What the rows say of the parts they come from, sorted; none where they say nothing.
    const std::vector<Shard>& shards() const { return shards_; }
    /// The models and profiles that the rows name.
    const std::vector<std::string>& makers() const { return makers_; }
    /// The devices that the rows name, without numbers: "cpu", "cpu-float", "cuda".
    const std::vector<std::string>& devices() const { return devices_; }

    void write(std::ostream& out) const;

private:
    enum class Kind { csv, json, jsonl };

    void add_csv(const boost::filesystem::path& file, const std::string& text);
    void add_json(const boost::filesystem::path& file, const std::string& text, Kind kind);
    void note(const std::string& shard, const std::string& maker, const std::string& device);

    std::optional<Kind> kind_;
    std::string header_;
    std::vector<boost::filesystem::path> files_;
    std::vector<Row> rows_;
    std::vector<Shard> shards_;
    std::vector<std::string> makers_;
    std::vector<std::string> devices_;
};

}  // namespace piaa::cli
