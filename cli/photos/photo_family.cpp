#include "photos/photo_family.h"

#include <algorithm>
#include <array>
#include <locale>
#include <set>
#include <string_view>
#include <utility>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <sys/stat.h>

#include "photos/image_format.h"
#include "photos/name_spellings.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using namespace std::string_view_literals;

/// What programs keep beside a photo: most of them, RawTherapee, ART, DxO, ON1, Canon, masks of Camera Raw,
/// Nikon, Capture One.
constexpr std::array sidecar_suffixes = {".xmp"sv, ".pp3"sv, ".arp"sv, ".dop"sv,  ".on1"sv,
                                         ".vrd"sv, ".dr4"sv, ".acr"sv, ".nksc"sv, ".cos"sv};
/// What a camera or phone made in the same moment: the moving part of a Live Photo, its edits, a spoken note,
/// a thumbnail.
constexpr std::array companion_suffixes = {".aae"sv, ".mov"sv, ".mp4"sv, ".wav"sv, ".thm"sv};
/// What may follow a picture's whole name: RawTherapee's note of how it was made.
constexpr std::array name_suffixes = {".out.pp3"sv};

std::string lower(const std::string& text) {
    return boost::algorithm::to_lower_copy(text, std::locale::classic());
}

template <typename List>
bool contains(const List& list, const std::string& end) {
    return std::find(list.begin(), list.end(), lower(end)) != list.end();
}

/// What can be copied and moved as a file: one, or a link to one, or a link to nothing. A pipe of a sidecar's
/// name would keep whoever opens it waiting.
bool is_file_or_link(const fs::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return false;
    const bool link = S_ISLNK(status.st_mode);
    return S_ISREG(status.st_mode) ||
           (link && (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode)));
}

/// Pictures of the same stem, `photo` among them, in path order, found by the names they may have: a folder
/// may have a hundred thousand. A file that a folder without case shows under several names counts once.
std::vector<fs::path> pictures_of_stem(const fs::path& photo) {
    std::vector<fs::path> all = {photo};
    std::set<std::pair<dev_t, ino_t>> seen;
    struct stat status {};
    if (::lstat(photo.c_str(), &status) == 0) seen.emplace(status.st_dev, status.st_ino);
    const std::string start = (photo.parent_path() / photo.stem()).string() + ".";
    for (const auto suffix : image_suffixes())
        for (const std::size_t capitals : {std::size_t{0}, std::size_t{1}, suffix.size()}) {
            const std::string end(suffix);
            const fs::path file =
                start + boost::algorithm::to_upper_copy(end.substr(0, capitals), std::locale::classic()) +
                end.substr(capitals);
            if (file == photo || !is_file_or_link(file) || ::lstat(file.c_str(), &status) != 0) continue;
            if (seen.emplace(status.st_dev, status.st_ino).second || status.st_nlink > 1) all.push_back(file);
        }
    std::sort(all.begin(), all.end());
    return all;
}

bool holds(const std::vector<fs::path>& files, const fs::path& file) {
    return std::find(files.begin(), files.end(), file) != files.end();
}

/// Whether a picture of the stem of this path is there that is none of the photo's own files.
bool is_name_of_another(const fs::path& spelled, const fs::path& photo) {
    const auto own = pictures_of_stem(photo);
    const auto there = pictures_of_stem(spelled);
    return std::any_of(there.begin(), there.end(), [&](const fs::path& file) {
        boost::system::error_code ignored;
        return fs::exists(file, ignored) && std::none_of(own.begin(), own.end(), [&](const fs::path& one) {
                   return fs::equivalent(file, one, ignored);
               });
    });
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

/// A picture's name without the number that an export gave it, and the number: "a(1).jpg" is "a.jpg", "(1)".
std::pair<std::string, std::string> without_number(const fs::path& picture) {
    const std::string stem = picture.stem().string();
    const auto open = stem.rfind('(');
    if (open == std::string::npos || open == 0 || stem.back() != ')' || open + 2 >= stem.size())
        return {picture.filename().string(), ""};
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(open) + 1, stem.end() - 1, is_digit))
        return {picture.filename().string(), ""};
    return {stem.substr(0, open) + picture.extension().string(), stem.substr(open)};
}

/// Google's note beside a picture of an export: the picture's name and ".supplemental-metadata" (earlier
/// nothing), of both what fits into 46 letters; then the picture's number, as in "a.jpg(1).json" of
/// "a(1).jpg".
bool is_note_of_google(const std::string& name, const fs::path& picture) {
    constexpr std::size_t room = 46;
    if (fs::path(name).extension() != ".json") return false;
    const std::string note = name.substr(0, name.size() - 5);
    const auto belongs = [&](const std::string& whole, const std::string& number) {
        if (!note.ends_with(number)) return false;
        const std::string start = note.substr(0, note.size() - number.size());
        const std::string longest = whole + ".supplemental-metadata";
        const bool cut = start.size() == room && start.size() >= fs::path(whole).stem().size();
        return longest.starts_with(start) && (start.size() >= whole.size() || cut);
    };
    const auto [plain, number] = without_number(picture);
    return belongs(picture.filename().string(), "") || (!number.empty() && belongs(plain, number));
}

/// Whether a file of this name goes with a photo of these pictures. `owns_stem`: and no other photo of the
/// stem has a better claim to what is called by it.
bool is_beside(const std::string& name, const std::string& stem, const std::vector<fs::path>& pictures,
               bool owns_stem) {
    const fs::path file = name, inner = file.stem();
    const bool sidecar = contains(sidecar_suffixes, file.extension().string());
    const bool companion = contains(companion_suffixes, file.extension().string());
    if (owns_stem && (sidecar || companion) && inner == stem) return true;
    // A companion may have a sidecar too.
    if (owns_stem && sidecar && inner.stem() == stem &&
        contains(companion_suffixes, inner.extension().string()))
        return true;
    return std::any_of(pictures.begin(), pictures.end(), [&](const fs::path& picture) {
        const std::string whole = picture.filename().string();
        return (name.starts_with(whole) && contains(name_suffixes, name.substr(whole.size()))) ||
               is_note_of_google(name, picture) ||
               (sidecar && (inner == whole || is_of_duplicate(name, picture)));
    });
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

bool has_companion_suffix(const fs::path& file) {
    const std::string suffix = file.extension().string();
    return contains(sidecar_suffixes, suffix) || contains(companion_suffixes, suffix) || suffix == ".json";
}

fs::path picture_beside(const fs::path& file) {
    boost::system::error_code ignored;
    const fs::path whole = file.parent_path() / file.stem();  // a.jpg of a.jpg.xmp
    if (has_image_suffix(file)) return file;
    if (has_image_suffix(whole) && fs::exists(whole, ignored)) return whole;
    for (const auto& picture : pictures_of_stem(file))
        if (picture != file) return picture;
    return file;
}

std::vector<fs::path> names_in_sidecars(const fs::path& photo) {
    std::vector<fs::path> all;
    for (const auto& spelling : spellings(photo.filename().string())) {
        const fs::path named = photo.parent_path() / spelling;
        if (all.empty() || !is_name_of_another(named, photo)) all.push_back(named);
    }
    all.front() = photo;
    return all;
}

std::vector<fs::path> xmp_sidecars(const fs::path& photo) {
    std::vector<fs::path> all;
    boost::system::error_code ignored;
    for (const fs::path& named : names_in_sidecars(photo))
        for (const char* suffix : {".xmp", ".XMP", ".Xmp"})
            for (const fs::path& candidate :
                 {fs::path(named.string() + suffix), fs::path(named).replace_extension(suffix)}) {
                if (candidate == named || !fs::is_regular_file(candidate, ignored)) continue;
                if (candidate.stem() != named.filename() && !owns_stem_sidecar(photo)) continue;
                // A folder to which all spellings are one shows a file under each.
                const bool met =
                    named != photo && std::any_of(all.begin(), all.end(), [&](const auto& other) {
                        return fs::equivalent(candidate, other, ignored);
                    });
                if (!met) all.push_back(candidate);
            }
    return all;
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
    const std::vector<fs::path> pictures = files;
    const fs::path folder = photo.parent_path();
    const std::string stem = photo.stem().string();
    std::vector<std::string> candidates = names.beginning(folder, stem);
    const bool owns_stem = owns_stem_sidecar(photo);
    const auto take = [&](const std::string& name, const std::string& file_name) {
        const fs::path file = folder / file_name;
        if (is_beside(name, stem, pictures, owns_stem) && is_file_or_link(file) && !holds(files, file))
            files.push_back(file);
    };
    if (const auto [plain, number] = without_number(photo); !number.empty())
        for (const auto& name : names.beginning(folder, plain)) candidates.push_back(name);
    // This run may have made a sidecar after the folder was read.
    for (const auto& picture : files) candidates.push_back(picture.filename().string() + ".xmp");
    for (const auto& name : candidates) take(name, name);
    for (const fs::path& named : names_in_sidecars(photo))
        if (const std::string spelled = named.stem().string(); spelled != stem)
            for (const auto& name : names.beginning(folder, spelled))
                take(stem + name.substr(spelled.size()), name);
    return files;
}

}  // namespace piaa::cli
