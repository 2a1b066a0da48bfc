#include "metadata/metadata_files.h"

#include <optional>

#include <boost/filesystem/operations.hpp>

#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// The file that a symbolic link leads to.
std::optional<fs::path> behind_link(const fs::path& photo) {
    boost::system::error_code problem;
    if (!fs::is_symlink(photo, problem)) return std::nullopt;
    const fs::path real = fs::canonical(photo, problem);
    return problem ? std::nullopt : std::optional(real);
}

}  // namespace

std::vector<fs::path> pictures_of(const fs::path& photo) {
    std::vector<fs::path> files = picture_files(photo);
    if (const auto real = behind_link(photo))
        for (const auto& file : picture_files(*real))
            if (file != *real) files.push_back(file);
    return files;
}

std::vector<fs::path> files_behind(const fs::path& file) {
    std::vector<fs::path> all = {file};
    if (const auto real = behind_link(file)) all.push_back(*real);
    return all;
}

std::vector<fs::path> sidecars_of(const fs::path& file) {
    std::vector<fs::path> all;
    for (const auto& each : files_behind(file))
        for (const auto& sidecar : xmp_sidecars(each)) all.push_back(sidecar);
    return all;
}

}  // namespace piaa::cli
