#include "report/shard_rows.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include <piaa/csv.h>
#include <piaa/error.h>
#include <piaa/file_text.h>

#include "console/escape.h"

using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

[[noreturn]] void refuse(const fs::path& file, const std::string& reason) {
    throw Error(ErrorCode::bad_data, file.string() + ": " + reason);
}

Json parse(const fs::path& file, std::string_view text, const std::string& place) {
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) refuse(file, place + " is damaged or cut off and should be JSON");
    return json;
}

std::string text_at(const Json& record, const char* key) {
    const auto found = record.find(key);
    return found != record.end() && found->is_string() ? found->get<std::string>() : "";
}

/// "cuda" of "cuda:1": what differs is the arithmetic, not which of several alike devices did it.
std::string without_number(std::string device) {
    const auto colon = device.find(':');
    if (colon != std::string::npos)
        device.erase(colon, device.find_first_not_of("0123456789", colon + 1) - colon);
    return device;
}

}  // namespace

void ShardRows::add(const fs::path& file) {
    const std::string text = file_text(file);
    const auto first = text.find_first_not_of(" \t\r\n");
    const char character = first == std::string::npos ? '\0' : text[first];
    if (character == '\0' && !(kind_ && *kind_ == Kind::jsonl) && !text.empty())
        refuse(file, "holds no rows and should be CSV, JSON or JSON lines");
    files_.push_back(file);
    if (character == '\0') return;  // JSON lines of a part without photos
    const Kind kind = character == '[' ? Kind::json : character == '{' ? Kind::jsonl : Kind::csv;
    if (kind_ && kind != *kind_) refuse(file, "is of another format than the files before it");
    kind_ = kind;
    kind == Kind::csv ? add_csv(file, text) : add_json(file, text, kind);
}

void ShardRows::add_csv(const fs::path& file, const std::string& text) {
    if (text.back() != '\n') refuse(file, "is cut off: its last line does not end");
    const CsvTable table(text, file.string());
    const auto path = table.column("path");
    const auto id = table.find_column("id");
    const auto shard = table.find_column("shard");
    const auto model = table.find_column("model_hash");
    const auto profile = table.find_column("profile_hash");
    const auto device = table.find_column("device");
    const auto error = table.find_column("error");
    const auto join = [&](const std::vector<std::string>& fields) {
        std::string row;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i == shard) continue;
            row += csv_field(fields[i]);
            row += ',';
        }
        if (!row.empty()) row.pop_back();
        return row;
    };
    const std::string header = join(table.header());
    if (!header_.empty() && header != header_)
        refuse(file,
               "its columns are " + header + " and should be " + header_ + " as in the files before it");
    header_ = header;
    for (const auto& row : table.rows()) {
        const bool failed = error && !row.fields[*error].empty();
        rows_.push_back(
            {row.fields[path], id ? row.fields[*id] : "", join(row.fields), files_.size() - 1, failed});
        note(shard ? row.fields[*shard] : "",
             (model ? row.fields[*model] : "") + (profile ? " " + row.fields[*profile] : ""),
             device ? row.fields[*device] : "");
    }
}

void ShardRows::add_json(const fs::path& file, const std::string& text, Kind kind) {
    const auto add = [&](Json record, const std::string& place) {
        // A photo may have been sent under a key alone, and a line that named none was answered all the same.
        const auto says = [&](const char* key) { return !text_at(record, key).empty(); };
        if (!record.is_object() || !(says("path") || says("id") || says("error")))
            refuse(file, place + " has no path and should have one");
        const std::string profile = text_at(record, "profile_hash");
        note(text_at(record, "shard"), text_at(record, "model_hash") + (profile.empty() ? "" : " " + profile),
             text_at(record, "device"));
        if (record.contains("schema") && record.contains("shard"))
            record["shard"] = "";  // every row has the key
        else
            record.erase("shard");
        std::string row = record.dump();
        row.shrink_to_fit();  // of a million rows the room for more counts
        rows_.push_back({text_at(record, "path"), text_at(record, "id"), std::move(row), files_.size() - 1,
                         says("error")});
    };
    if (kind == Kind::json) {
        std::size_t number = 0;
        for (auto& record : parse(file, text, "the file"))
            add(std::move(record), "record " + std::to_string(++number));
        return;
    }
    std::size_t line = 1;
    for (std::size_t start = 0; start < text.size(); ++line) {
        const auto end = std::min(text.find('\n', start), text.size());
        const std::string place = "line " + std::to_string(line);
        if (end > start) add(parse(file, std::string_view(text).substr(start, end - start), place), place);
        start = end + 1;
    }
}

void ShardRows::note(const std::string& shard, const std::string& maker, const std::string& device) {
    const auto insert = [](auto& sorted, auto value, auto less) {
        const auto place = std::lower_bound(sorted.begin(), sorted.end(), value, less);
        if (place == sorted.end() || less(value, *place)) sorted.insert(place, std::move(value));
    };
    if (!shard.empty())
        insert(shards_, parse_shard(shard), [](const Shard& a, const Shard& b) {
            return std::pair(a.count, a.index) < std::pair(b.count, b.index);
        });
    if (!maker.empty()) insert(makers_, maker, std::less<>());
    if (!device.empty()) insert(devices_, without_number(device), std::less<>());
}

bool ShardRows::before(const Row& a, const Row& b) {
    return std::tie(a.path, a.id) < std::tie(b.path, b.id);
}

std::vector<ShardRows::Row> ShardRows::take_doubles() {
    std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
        return std::tie(a.path, a.id, a.failed) < std::tie(b.path, b.id, b.failed);
    });
    std::vector<Row> kept, doubles;
    for (Row& row : rows_) {
        // Lines that named no photo are no doubles of each other.
        const bool named = !row.path.empty() || !row.id.empty();
        (named && !kept.empty() && !before(kept.back(), row) ? doubles : kept).push_back(std::move(row));
    }
    rows_ = std::move(kept);
    return doubles;
}

void ShardRows::write(std::ostream& out) const {
    const bool array = kind_ == Kind::json;
    if (kind_ == Kind::csv) out << header_ << '\n';
    if (array && rows_.empty()) out << "[]\n";
    for (std::size_t i = 0; i < rows_.size(); ++i)
        out << (array ? (i == 0 ? "[\n" : ",\n") : "") << rows_[i].text << (array ? "" : "\n");
    if (array && !rows_.empty()) out << "\n]\n";
}

}  // namespace piaa::cli
