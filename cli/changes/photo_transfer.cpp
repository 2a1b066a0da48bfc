#include "changes/photo_transfer.h"

#include <ostream>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "changes/safe_file.h"
#include "console/escape.h"
#include "metadata/xmp_sidecar.h"
#include "photos/file_hash.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

const char* verb_of(TransferKind kind) {
    return kind == TransferKind::copy ? "copied" : kind == TransferKind::move ? "moved" : "linked";
}

/// "beach.jpg" -> "beach-2.jpg", "beach.jpg.xmp" -> "beach-2.jpg.xmp"; stem is "beach" for both.
std::string numbered(const std::string& name, const std::string& stem, int number) {
    if (number < 2 || !name.starts_with(stem)) return name;
    return stem + "-" + std::to_string(number) + name.substr(stem.size());
}

bool there(const fs::path& path) {
    boost::system::error_code ignored;
    return fs::symlink_status(path, ignored).type() > fs::file_not_found;
}

fs::path whole_path(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

/// Whether the name already holds what would be brought under it.
bool same_content(const fs::path& from, const fs::path& to, TransferKind kind) {
    boost::system::error_code problem;
    if (kind == TransferKind::link) return fs::read_symlink(to, problem) == whole_path(from);
    if (fs::symlink_status(to, problem).type() != fs::regular_file) return false;
    // A move must not lose the photo because it is there twice, unless both names are one file.
    if (kind == TransferKind::move) return fs::equivalent(from, to, problem) && !problem;
    return fs::file_size(from, problem) == fs::file_size(to, problem) && !problem &&
           sha256_of_file(from) == sha256_of_file(to);
}

/// The photo first, then what belongs to it.
std::vector<fs::path> files_of(const nlohmann::ordered_json& record) {
    std::vector<fs::path> files = {record.at("path").get<std::string>()};
    if (record.contains("pair")) files.emplace_back(record["pair"].get<std::string>());
    for (std::size_t i = 0, photos = files.size(); i < photos; ++i)
        if (const auto sidecar = find_sidecar(files[i]);
            sidecar && std::find(files.begin(), files.end(), *sidecar) == files.end())
            files.push_back(*sidecar);
    return files;
}

}  // namespace

PhotoTransfer::PhotoTransfer(TransferKind kind, const fs::path& folder, bool dry_run, UndoLog& log,
                             std::ostream& err)
    : kind_(kind), folder_(folder), dry_run_(dry_run), log_(log), err_(err) {
    boost::system::error_code problem;
    if (!dry_run) fs::create_directories(folder, problem);
    if (problem) throw Error(ErrorCode::io, folder.string() + ": cannot be made: " + problem.message());
    if (there(folder) && !fs::is_directory(folder, problem))
        throw Error(ErrorCode::io, folder.string() + ": is a file and should be a folder");
}

std::vector<PhotoTransfer::Item> PhotoTransfer::named(const std::vector<fs::path>& files) const {
    const std::string stem = files.front().stem().string();
    for (int number = 1;; ++number) {
        std::vector<Item> items;
        for (const auto& file : files) {
            Item item{file, folder_ / numbered(file.filename().string(), stem, number)};
            const bool taken = promised_.contains(item.to.string());
            item.there = !taken && there(item.to) && same_content(file, item.to, kind_);
            if (taken || (there(item.to) && !item.there)) break;
            items.push_back(std::move(item));
        }
        if (items.size() == files.size()) return items;
    }
}

void PhotoTransfer::bring(const Item& item) {
    if (kind_ == TransferKind::copy) {
        const std::string hash = sha256_of_file(item.from);
        log_.will_copy(item.from, item.to, hash);
        copy_file(item.from, item.to, hash);
    } else if (kind_ == TransferKind::move) {
        log_.will_move(item.from, item.to);
        move_file(item.from, item.to);
    } else {
        log_.will_link(item.from, item.to);
        link_file(whole_path(item.from), item.to);
    }
}

void PhotoTransfer::take(const nlohmann::ordered_json& record) {
    bool any = false;
    for (const auto& item : named(files_of(record))) {
        if (item.there) {
            ++there_;
            continue;
        }
        if (dry_run_) {
            promised_.insert(item.to.string());
            err_ << "piaa-batch: " << printable(item.from.string()) << ": would be " << verb_of(kind_)
                 << " to " << printable(item.to.string()) << '\n';
        } else {
            bring(item);
        }
        ++files_;
        any = true;
    }
    if (any) ++photos_;
}

void PhotoTransfer::finish(std::ostream& err, bool quiet) {
    if (quiet) return;
    err << "piaa-batch: " << photos_ << " photos (" << files_ << " files) " << (dry_run_ ? "would be " : "")
        << verb_of(kind_) << " to " << printable(folder_.string());
    if (there_ > 0) err << ", " << there_ << " files were there already";
    err << '\n';
}

}  // namespace piaa::cli
