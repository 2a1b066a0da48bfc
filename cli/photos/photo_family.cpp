#include "photos/photo_family.h"

#include <algorithm>
#include <array>
#include <locale>
#include <set>
#include <string_view>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <sys/stat.h>

#include "photos/image_format.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using namespace std::string_view_literals;

/// Names that photos have, to look for without reading a folder of a hundred thousand.
constexpr std::array usual_suffixes = {
    "jpg"sv,  "jpeg"sv, "jpe"sv, "jfif"sv, "heic"sv, "heif"sv, "hif"sv, "avif"sv, "png"sv, "webp"sv, "tif"sv,
    "tiff"sv, "gif"sv,  "bmp"sv, "jxl"sv,  "3fr"sv,  "arw"sv,  "cr2"sv, "cr3"sv,  "crw"sv, "dcr"sv,  "dng"sv,
    "erf"sv,  "fff"sv,  "iiq"sv, "kdc"sv,  "mef"sv,  "mos"sv,  "mrw"sv, "nef"sv,  "nrw"sv, "orf"sv,  "pef"sv,
    "raf"sv,  "raw"sv,  "rw2"sv, "rwl"sv,  "sr2"sv,  "srf"sv,  "srw"sv, "x3f"sv};
/// What programs keep beside a photo: most of them, RawTherapee, ART, DxO, ON1, Apple.
constexpr std::array sidecar_suffixes = {".xmp"sv, ".pp3"sv, ".arp"sv, ".dop"sv, ".on1"sv, ".aae"sv};

std::string lower(const std::string& text) {
    return boost::algorithm::to_lower_copy(text, std::locale::classic());
}

bool is_sidecar_suffix(const std::string& end) {
    return std::find(sidecar_suffixes.begin(), sidecar_suffixes.end(), lower(end)) != sidecar_suffixes.end();
}

/// Pictures of the same stem, `photo` among them, in path order; a file that a folder without case shows
/// under two names counts once.
std::vector<fs::path> pictures_of_stem(const fs::path& photo) {
    std::vector<fs::path> all = {photo};
    std::set<std::pair<dev_t, ino_t>> seen;
    struct stat status {};
    if (::lstat(photo.c_str(), &status) == 0) seen.emplace(status.st_dev, status.st_ino);
    const std::string start = (photo.parent_path() / photo.stem()).string() + ".";
    for (const auto suffix : usual_suffixes)
        for (const bool upper : {false, true}) {
            std::string end(suffix);
            if (upper) end = boost::algorithm::to_upper_copy(end, std::locale::classic());
            const fs::path file = start + end;
            if (file == photo || ::lstat(file.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) continue;
            if (seen.emplace(status.st_dev, status.st_ino).second || status.st_nlink > 1) all.push_back(file);
        }
    std::sort(all.begin(), all.end());
    return all;
}

bool holds(const std::vector<fs::path>& files, const fs::path& file) {
    return std::find(files.begin(), files.end(), file) != files.end();
}

/// darktable's sidecar of a duplicate: what stands between the photo's stem and its suffix is "_01".
bool is_of_duplicate(const std::string& name, const fs::path& picture) {
    const std::string stem = picture.stem().string(), end = picture.extension().string() + ".xmp";
    if (name.size() < stem.size() + end.size() + 3 || !name.starts_with(stem + "_") || !name.ends_with(end))
        return false;
    const std::string number = name.substr(stem.size() + 1, name.size() - stem.size() - 1 - end.size());
    boost::system::error_code ignored;
    return std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
           !fs::exists(picture.parent_path() / name.substr(0, name.size() - 4), ignored);
}

}  // namespace

PhotoPart photo_part(const fs::path& file) {
    const std::string suffix = lower(file.extension().string());
    if (suffix == ".jpg" || suffix == ".jpeg") return PhotoPart::jpeg;
    if (suffix == ".heic" || suffix == ".hif" || suffix == ".heif") return PhotoPart::heic;
    return has_raw_suffix(file) ? PhotoPart::raw : PhotoPart::none;
}

std::vector<fs::path> one_photo_of(const std::vector<fs::path>& same_stem) {
    std::vector<fs::path> parts;
    for (const PhotoPart part : {PhotoPart::jpeg, PhotoPart::heic, PhotoPart::raw})
        for (const auto& file : same_stem) {
            if (photo_part(file) != part) continue;
            parts.push_back(file);
            if (part != PhotoPart::raw) break;
        }
    return parts;
}

std::vector<fs::path> picture_files(const fs::path& photo) {
    std::vector<fs::path> files = {photo};
    if (photo_part(photo) == PhotoPart::none) return files;
    const auto parts = one_photo_of(pictures_of_stem(photo));
    if (!holds(parts, photo)) return files;
    for (const auto& part : parts)
        if (part != photo) files.push_back(part);
    return files;
}

bool owns_stem_sidecar(const fs::path& photo) {
    const auto same_stem = pictures_of_stem(photo);
    const auto parts = one_photo_of(same_stem);
    const bool raw = std::any_of(parts.begin(), parts.end(),
                                 [](const auto& part) { return photo_part(part) == PhotoPart::raw; });
    if (raw) return holds(parts, photo);
    return photo == same_stem.front() || (holds(parts, photo) && holds(parts, same_stem.front()));
}

std::vector<std::string> FolderNames::beginning(const fs::path& folder, const std::string& start) {
    const auto [found, is_new] = names_.try_emplace(folder.string());
    auto& names = found->second;
    if (is_new) {
        boost::system::error_code problem;
        for (fs::directory_iterator it(folder.empty() ? "." : folder, problem), end; !problem && it != end;
             it.increment(problem))
            names.push_back(it->path().filename().string());
        std::sort(names.begin(), names.end());
    }
    std::vector<std::string> all;
    for (auto it = std::lower_bound(names.begin(), names.end(), start);
         it != names.end() && it->starts_with(start); ++it)
        all.push_back(*it);
    return all;
}

std::vector<fs::path> files_of_photo(const fs::path& photo, FolderNames& names) {
    std::vector<fs::path> files = picture_files(photo);
    const std::size_t pictures = files.size();
    const fs::path folder = photo.parent_path();
    const std::string stem = photo.stem().string();
    std::vector<std::string> candidates = names.beginning(folder, stem);
    // This run may have made a sidecar after the folder was read.
    for (const auto& picture : files) candidates.push_back(picture.filename().string() + ".xmp");
    for (const auto& name : candidates) {
        const fs::path file = folder / name;
        if (!is_sidecar_suffix(file.extension().string())) continue;
        bool belongs = file.stem() == stem && owns_stem_sidecar(photo);
        for (std::size_t i = 0; i < pictures && !belongs; ++i)
            belongs = file.stem() == files[i].filename() || is_of_duplicate(name, files[i]);
        boost::system::error_code gone;
        if (belongs && fs::symlink_status(file, gone).type() > fs::file_not_found && !holds(files, file))
            files.push_back(file);
    }
    return files;
}

}  // namespace piaa::cli
