#include "metadata/developing_profile.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem/operations.hpp>
#include <glib.h>

#include <piaa/error.h>
#include <piaa/parse_number.h>
#include <piaa/whole_file.h>

#include "metadata/metadata_files.h"
#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

constexpr std::size_t largest_profile = 16 << 20;

struct FreeKeyFile {
    void operator()(GKeyFile* file) const { g_key_file_free(file); }
};
using KeyFile = std::unique_ptr<GKeyFile, FreeKeyFile>;

/// The format is that of GLib's key files, which these programs write by.
KeyFile read(const fs::path& file) {
    const auto bytes = read_whole_file(file, largest_profile);
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // of editors on Windows
    KeyFile keys(g_key_file_new());
    // GLib's reason would quote the file's bytes.
    if (text.empty() ||
        g_key_file_load_from_data(keys.get(), text.data(), text.size(), G_KEY_FILE_NONE, nullptr))
        return keys;
    throw Error(ErrorCode::bad_data,
                file.string() +
                    ": is no developing profile and should be one: sections in brackets, and in them lines "
                    "of a name, = and a value");
}

/// A value of the general part; empty where it is not there.
std::string value(const KeyFile& keys, const char* name) {
    const std::unique_ptr<char, void (*)(void*)> text(
        g_key_file_get_value(keys.get(), "General", name, nullptr), g_free);
    return text ? boost::algorithm::trim_copy(std::string(text.get())) : std::string();
}

}  // namespace

std::vector<fs::path> developing_profiles_of(const fs::path& photo) {
    std::vector<fs::path> all;
    for (const auto& file : files_behind(photo))
        for (const auto& named : names_in_sidecars(file))
            for (const char* suffix : {".pp3", ".arp"}) {
                boost::system::error_code ignored;
                const fs::path beside = named.string() + suffix;
                if (fs::is_regular_file(beside, ignored)) all.push_back(beside);
            }
    return all;
}

std::optional<int> rank_in(const fs::path& developing_profile) {
    const KeyFile keys = read(developing_profile);
    if (const std::string trash = value(keys, "InTrash"); trash == "true" || trash == "1") return -1;
    const std::string rank = value(keys, "Rank");
    if (rank.empty()) return std::nullopt;
    const auto stars = parse_number<int>(rank);
    if (!stars || *stars < 0 || *stars > 5)
        throw Error(ErrorCode::bad_data, developing_profile.string() + ": Rank is '" + rank.substr(0, 40) +
                                             "' and should be a number from 0 to 5");
    return *stars == 0 ? std::nullopt : stars;
}

}  // namespace piaa::cli
