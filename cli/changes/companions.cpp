#include "changes/companions.h"

#include <algorithm>
#include <string>

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// beach-2.jpg.xmp beside beach-2.jpg goes back beside beach.jpg as beach.jpg.xmp.
fs::path place_beside(const fs::path& from, const fs::path& to, const fs::path& file) {
    const std::string name = file.filename().string(), stem = to.stem().string();
    if (from.filename() == to.filename()) return from.parent_path() / name;
    if (!name.starts_with(stem)) return {};
    return from.parent_path() / (from.stem().string() + name.substr(stem.size()));
}

}  // namespace

std::vector<Companion> companions_since(const fs::path& from, const fs::path& to,
                                        const std::function<Owner(const fs::path&)>& owner,
                                        FolderNames& names) {
    const auto pictures = picture_files(to);
    const bool shared = std::any_of(pictures.begin(), pictures.end(),
                                    [&](const auto& picture) { return owner(picture) == Owner::another; });
    const auto is_named_after_own = [&](const fs::path& file) {
        return std::any_of(pictures.begin(), pictures.end(), [&](const auto& picture) {
            return owner(picture) == Owner::photo && file.stem().extension() == picture.extension();
        });
    };
    std::vector<Companion> companions;
    for (const auto& file : files_of_photo(to, names))
        if (owner(file) == Owner::unknown && (!shared || is_named_after_own(file)))
            companions.push_back({file, place_beside(from, to, file)});
    return companions;
}

}  // namespace piaa::cli
